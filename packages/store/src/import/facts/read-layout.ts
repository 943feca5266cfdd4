/** Files by the rules of a layout: what their paths tell, joined with the table that belongs to the layout. */
import { AppError } from '@microtome/domain/app-error';
import { isImageName, isTableName } from '@microtome/domain/source/file-path';
import type { Layout, LayoutTable } from '@microtome/domain/source/layout/layout';
import { readCellText } from '@microtome/domain/source/manifest/missing-cell';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { printablePath, type Refuse } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { openSourceTable } from '../table/open-table.ts';
import type { Table } from '../table/table.ts';
import { countRows } from './count-rows.ts';
import { FactPool, type ToldPatch } from './told-patch.ts';

type LayoutRequest = {
  files: readonly SourceFile[];
  layout: Layout;
  /** Of the files to take, where the layout has several. */
  magnification: number | null;
  refuse: Refuse;
  signal: AbortSignal;
};

/** Files that are no images by their names, not of the layout, or without what they need are refused one by one. */
export async function readLayout(request: LayoutRequest): Promise<ToldPatch[]> {
  const { files, layout } = request;
  const rows = layout.table ? await readTables(layout.table, request) : null;
  const images = files.filter(({ path }) => !layout.table?.isTable(path));
  const told = readPaths(images, request);
  if (rows && layout.table) {
    const pool = new FactPool();
    for (const patch of told) {
      const row = rows.get(layout.table.keyPath(patch.file.path));
      if (row) patch.facts = pool.complete({ ...patch.facts, ...row });
    }
  }
  return keepMagnification(told, request);
}

/** What the paths alone tell. */
function readPaths(
  files: readonly SourceFile[],
  { layout, refuse }: Pick<LayoutRequest, 'layout' | 'refuse'>,
): ToldPatch[] {
  const pool = new FactPool();
  const told: ToldPatch[] = [];
  for (const file of files) {
    const reading = isImageName(file.path) ? layout.readPath(file.path) : null;
    if (!reading) {
      refuse({ path: file.path, code: 'STRAY_FILE', reason: explainStray(file.path) });
    } else if (reading.ok) told.push({ file, facts: pool.complete(reading.facts) });
    else refuse({ path: file.path, ...reading.fault });
  }
  return told;
}

function explainStray(path: string): string {
  return isTableName(path)
    ? 'It is a table, which this layout does not read. If it says what the files are, name it as their manifest.'
    : 'It is no image by its name; only patches are read.';
}

/** The rows of all tables of the layout by their keys; null where there is none and none is needed. */
async function readTables(
  table: LayoutTable,
  { files, layout, signal }: LayoutRequest,
): Promise<Map<string, Partial<PatchFacts>> | null> {
  const found = files.filter(({ path }) => table.isTable(path));
  if (found.length === 0 && !table.isNeeded) return null;
  if (found.length === 0) {
    throw new AppError(
      'BAD_INPUT',
      `The layout ${layout.name} (${layout.title}) needs ${table.fileName} next to the files, and there is none: ` +
        'put it there, or give the facts by a manifest.',
    );
  }
  const rows = new Map<string, Partial<PatchFacts>>();
  for (const file of found) {
    const opened = await openSourceTable(file);
    try {
      await addRows(rows, { table, opened, path: file.path, signal });
    } finally {
      await opened.close();
    }
  }
  return rows;
}

async function addRows(
  rows: Map<string, Partial<PatchFacts>>,
  { table, opened, path, signal }: { table: LayoutTable; opened: Table; path: string; signal: AbortSignal },
): Promise<void> {
  const positions = new Map(opened.columns.map((column, position) => [column, position]));
  const missing = table.columns.filter((column) => !positions.has(column));
  const shown = printablePath(path);
  if (missing.length > 0) {
    const which = missing.map((column) => `'${column}'`).join(' and ');
    throw new AppError('BAD_INPUT', `${shown} has no column ${which}.`);
  }
  for await (const batch of countRows(opened, signal)) {
    for (const { line, cells } of batch) {
      const cell = (column: string) => readCellText(cells[positions.get(column) ?? -1]);
      const key = table.keyRow(cell, path);
      if (key === null) continue;
      const facts = table.readRow(cell, path);
      const known = rows.get(key);
      if (known && JSON.stringify(known) !== JSON.stringify(facts)) {
        throw new AppError(
          'BAD_INPUT',
          `${shown}, ${opened.unit} ${line}: '${key.slice(0, 80)}' has another row that says otherwise.`,
        );
      }
      rows.set(key, facts);
    }
  }
}

function keepMagnification(told: ToldPatch[], { layout, magnification, refuse }: LayoutRequest): ToldPatch[] {
  const read = layout.readMagnification;
  if (!read) return told;
  const found = [...new Set(told.map(({ file }) => read(file.path)))].filter((one) => one !== null);
  const list = found.toSorted((a, b) => a - b).join(', ');
  if (magnification === null && found.length > 1) {
    throw new AppError(
      'BAD_INPUT',
      `These files show the same fields at several magnifications (${list}): choose one of them.`,
      { details: { field: 'magnification' } },
    );
  }
  if (magnification !== null && !found.includes(magnification)) {
    throw new AppError('BAD_INPUT', `No file is of magnification ${magnification}: there are ${list}.`, {
      details: { field: 'magnification' },
    });
  }
  return told.filter(({ file }) => {
    const isTaken = magnification === null || read(file.path) === magnification;
    const reason = `It is of magnification ${read(file.path)}, and ${magnification} was asked for.`;
    if (!isTaken) refuse({ path: file.path, code: 'OTHER_MAGNIFICATION', reason });
    return isTaken;
  });
}
