/**
 * Files by a manifest: each row is joined to the file that it names, in one pass. What disagrees ends the import with the
 * line and the value; a row without a file, or a file without a row, is counted and named.
 */
import { AppError } from '@microtome/domain/app-error';
import { isImageName, isTableName } from '@microtome/domain/source/file-path';
import { createFileIndex } from '@microtome/domain/source/manifest/file-index';
import {
  type ColumnMap,
  MANIFEST_KEYS,
  mapColumns,
  recogniseColumns,
} from '@microtome/domain/source/manifest/manifest-columns';
import { readCellText } from '@microtome/domain/source/manifest/missing-cell';
import { readManifestRow } from '@microtome/domain/source/manifest/read-manifest-row';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { atField } from '../at-field.ts';
import { printablePath, type Refuse } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import type { Table, TableRow } from '../table/table.ts';
import { countRows } from './count-rows.ts';
import { FactPool, type ToldPatch } from './told-patch.ts';

/** Rows by which columns are recognised, and which are shown. */
const SAMPLE_ROWS = 200;

type ManifestCounts = {
  rowCount: number;
  rowsWithoutFile: number;
  filesWithoutRow: number;
  /** Files that several rows name, all alike. */
  filesTwice: number;
};

/** What is known of a manifest before its rows are joined to files. */
export type ManifestHead = {
  columns: readonly string[];
  /** As recognised, and then as asked for. */
  map: ColumnMap;
  /** The first rows, as they are. */
  sample: readonly TableRow[];
};

export type ReadManifest = ManifestHead & {
  told: ToldPatch[];
  counts: ManifestCounts;
  /** `Line 7 of the manifest names it.`, for what is found about a file once it is opened; null where none does. */
  sayRow(path: string): string | null;
};

type ManifestRequest = {
  files: readonly SourceFile[];
  table: Table;
  /** `key=column`, which overrule what is recognised. */
  wishes: readonly string[];
  refuse: Refuse;
  signal: AbortSignal;
  /** Told as soon as it is known, and again once the wishes are heeded: what comes afterwards may fail. */
  onHead?: ((head: ManifestHead) => void) | undefined;
  /** Of the files, which ought to have a row, by their names; left out: images. */
  isWanted?: ((path: string) => boolean) | undefined;
};

type Join = {
  told: (PatchFacts | undefined)[];
  lines: Int32Array;
  counts: ManifestCounts;
  twice: Set<number>;
};

export async function readManifest(request: ManifestRequest): Promise<ReadManifest> {
  const { files, table, wishes, refuse, signal } = request;
  const index = createFileIndex(files.map(({ path }) => path));
  const batches = countRows(table, signal);
  const first = await batches.next();
  const sample = first.done ? [] : first.value.slice(0, SAMPLE_ROWS);
  const countFiles = (cells: readonly string[]) =>
    cells.filter((cell) => index.find(cell).kind === 'one').length;
  const shape = { columns: table.columns, rows: sample.map(({ cells }) => cells) };
  const { columns } = table;
  const recognised = recogniseColumns(shape, countFiles);
  request.onHead?.({ columns, map: recognised, sample });
  const map = atField('map', () => mapColumns(columns, recognised, wishes));
  request.onHead?.({ columns, map, sample });
  if (map.path === undefined) throw describeNoPath(table);
  const join: Join = {
    told: new Array(files.length),
    lines: new Int32Array(files.length),
    counts: { rowCount: 0, rowsWithoutFile: 0, filesWithoutRow: 0, filesTwice: 0 },
    twice: new Set(),
  };
  const pool = new FactPool();
  const joinBatch = (batch: readonly TableRow[]) => {
    for (const row of batch) joinRow(join, { ...request, row, map, index, pool });
  };
  if (!first.done) joinBatch(first.value);
  for await (const batch of batches) joinBatch(batch);
  join.counts.filesTwice = join.twice.size;
  const sayRow = createRowFinder(join, request);
  return { told: [...listTold(join, request)], counts: join.counts, columns, map, sample, sayRow };

  function* listTold(
    { told, counts }: Join,
    { files: all, isWanted = isImageName }: ManifestRequest,
  ): Generator<ToldPatch> {
    for (const [position, file] of all.entries()) {
      const facts = told[position];
      if (facts) yield { file, facts };
      else if (isWanted(file.path)) {
        counts.filesWithoutRow += 1;
        refuse({ path: file.path, code: 'NOT_IN_MANIFEST', reason: 'No row of the manifest names it.' });
      } else if (!isTableName(file.path)) {
        refuse({
          path: file.path,
          code: 'STRAY_FILE',
          reason: 'It is no image by its name, and no row names it.',
        });
      }
    }
  }
}

/** Files are put in order when the first of them is asked for: as a rule none is. */
function createRowFinder({ lines }: Join, { files, table: { unit } }: ManifestRequest) {
  let positions: Map<string, number> | null = null;
  return (path: string): string | null => {
    positions ??= new Map(files.map((file, position) => [file.path, position]));
    const line = lines[positions.get(path) ?? -1];
    return line ? `${nameRow(unit, line)} of the manifest names it.` : null;
  };
}

/** At the start of a sentence. */
function nameRow(unit: Table['unit'], line: number): string {
  return `${unit === 'line' ? 'Line' : 'Row'} ${line}`;
}

type RowRequest = ManifestRequest & {
  row: TableRow;
  map: ColumnMap;
  index: ReturnType<typeof createFileIndex>;
  pool: FactPool;
};

function joinRow(join: Join, { row, map, index, pool, table, files, refuse }: RowRequest): void {
  join.counts.rowCount += 1;
  const where = `${printablePath(table.path)}, ${table.unit} ${row.line}`;
  if (readCellText(row.cells[map.path ?? -1]) === null) {
    join.counts.rowsWithoutFile += 1;
    refuse({ path: where, code: 'ROW_WITHOUT_FILE', reason: 'The row names no file.' });
    return;
  }
  const reading = readManifestRow(row.cells, map);
  if (!reading.ok) throw new AppError('BAD_INPUT', `${where}: ${reading.fault}.`);
  const { path } = reading.row;
  const found = index.find(path);
  if (found.kind === 'outside') {
    throw new AppError(
      'BAD_INPUT',
      `${where}: the path '${printablePath(path, 80)}' leads out of the source.`,
    );
  }
  if (found.kind === 'many') {
    const which = `'${printablePath(path, 80)}', which ${found.count} files are called`;
    throw new AppError('BAD_INPUT', `${where} names ${which}: write the folder before it too.`);
  }
  if (found.kind === 'none') {
    join.counts.rowsWithoutFile += 1;
    const reason = `${nameRow(table.unit, row.line)} of the manifest names it, and there is no such file.`;
    refuse({ path, code: 'ROW_WITHOUT_FILE', reason });
    return;
  }
  const facts = pool.complete(reading.row.facts);
  const known = join.told[found.position];
  if (known) {
    const different = findDifference(known, facts);
    if (different) {
      const file = printablePath(files[found.position]?.path ?? path, 120);
      const other = `${table.unit} ${join.lines[found.position]}`;
      throw new AppError('BAD_INPUT', `${where} says of ${file} that ${different}, unlike ${other}.`);
    }
    join.twice.add(found.position);
    return;
  }
  join.told[found.position] = facts;
  join.lines[found.position] = row.line;
}

/** The first fact that differs, as a sentence's end: `its patient is 'b' and not 'a'`. */
function findDifference(known: PatchFacts, facts: PatchFacts): string | null {
  for (const key of Object.keys(facts) as (keyof PatchFacts)[]) {
    if (known[key] === facts[key]) continue;
    const [now, before] = [facts[key], known[key]].map((value) =>
      value === null ? 'unknown' : `'${value}'`,
    );
    return `its ${key === 'className' ? 'class' : key} is ${now} and not ${before}`;
  }
  return null;
}

function describeNoPath(table: Table): AppError {
  const shown = table.columns.slice(0, 30).map((column) => `'${column.slice(0, 40)}'`);
  return new AppError(
    'BAD_INPUT',
    `No column of ${printablePath(table.path)} names files of the source: it has ${shown.join(', ')}. ` +
      `Say which one does by path=COLUMN (keys: ${MANIFEST_KEYS.join(', ')}).`,
    { details: { field: 'map' } },
  );
}
