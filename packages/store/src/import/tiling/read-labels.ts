/** The labels of slides from their tables: the one that was named, or those that a preset's folder has. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { readSlideLabels } from '@microtome/domain/tiling/slide-labels';
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
): Promise<Map<string, string>> {
  return atField('labels', async () => {
    const within = resolve(sourcePath, path);
    const place = existsSync(within) ? within : path;
    if (!existsSync(place))
      throw new AppError('NOT_FOUND', `There is no table of labels at ${printablePath(path)}.`);
    const table = await openTableAt(place);
    return readTable(table, signal);
  });
}

export async function readPresetLabels(
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<Map<string, string>> {
  const labels = new Map<string, string>();
  for (const file of files) {
    const table = await openSourceTable(file);
    for (const [slide, label] of await readTable(table, signal)) labels.set(slide, label.toLowerCase());
  }
  return labels;
}

async function readTable(table: Table, signal: AbortSignal): Promise<Map<string, string>> {
  try {
    const rows: (readonly (string | null)[])[] = [];
    for await (const batch of countRows(table, signal)) rows.push(...batch.map(({ cells }) => cells));
    return readSlideLabels({ columns: table.columns, rows }, printablePath(table.path));
  } finally {
    await table.close();
  }
}
