/** The labels of slides from their tables: the one that was named, or those that a preset's folder has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { mergeRows, readSlideLabels, type SlideRow } from '@microtome/domain/tiling/slide-labels';
import { atField } from '../at-field.ts';
import { countRows } from '../facts/count-rows.ts';
import { printablePath } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { openSourceTable, openTableAt } from '../table/open-table.ts';
import type { Table } from '../table/table.ts';

/** Within the source, or as it stands. @throws AppError about `labels` */
export async function readNamedLabels(
  path: string,
  { sourcePath, signal }: { sourcePath: string; signal: AbortSignal },
): Promise<Map<string, SlideRow>> {
  return atField('labels', async () => {
    const within = resolve(sourcePath, path);
    const place = existsSync(within) ? within : path;
    if (!existsSync(place))
      throw new AppError('NOT_FOUND', `There is no table of labels at ${printablePath(path)}.`);
    const table = await openTableAt(place);
    return readTable(table, signal);
  });
}

/** @throws AppError BAD_INPUT where two of the tables say different things of a slide */
export async function readPresetLabels(
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<Map<string, SlideRow>> {
  let told = new Map<string, SlideRow>();
  for (const file of files) {
    const table = await openSourceTable(file);
    const rows = [...(await readTable(table, signal))].map(([slide, { label, site }]): [string, SlideRow] => [
      slide,
      { label: label?.toLowerCase() ?? null, site },
    ]);
    told = mergeRows([...told, ...rows], `${printablePath(file.path)}, beside the tables before it,`);
  }
  return told;
}

async function readTable(table: Table, signal: AbortSignal): Promise<Map<string, SlideRow>> {
  try {
    const rows: (readonly (string | null)[])[] = [];
    for await (const batch of countRows(table, signal)) rows.push(...batch.map(({ cells }) => cells));
    return readSlideLabels({ columns: table.columns, rows }, printablePath(table.path));
  } finally {
    await table.close();
  }
}
