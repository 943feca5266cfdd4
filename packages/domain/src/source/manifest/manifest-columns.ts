/**
 * Which column of a manifest says what. Columns are known by their names, as published tables write them, and by what they
 * hold: file names and subsets are known by themselves. What is known can be overruled by hand, column by column.
 */
import { AppError } from '../../app-error.ts';
import { isImageName } from '../file-path.ts';
import { parseGivenSubset } from '../given-subset.ts';
import { readCellText } from './missing-cell.ts';

export const MANIFEST_KEYS = [
  'path',
  'patient',
  'slide',
  'site',
  'group',
  'label',
  'x',
  'y',
  'mpp',
  'subset',
] as const;

export type ManifestKey = (typeof MANIFEST_KEYS)[number];

/** Key → position of its column; keys that no column has are left out. */
export type ColumnMap = Partial<Record<ManifestKey, number>>;

/** By letters and digits alone, in lower case; the first that a table has is taken. */
const NAMES: Record<ManifestKey, readonly string[]> = {
  path: [
    ...[
      'path',
      'filepath',
      'imagepath',
      'imgpath',
      'patchpath',
      'tilepath',
      'filename',
      'imagename',
      'tilefilename',
    ],
    ...['file', 'image', 'img', 'patch', 'tile', 'patchname', 'tilename', 'imageid', 'patchid', 'id'],
  ],
  patient: [
    ...['patient', 'patientid', 'patientkey', 'caseid', 'casesubmitterid', 'case', 'subjectid', 'subject'],
    ...[
      'bcrpatientbarcode',
      'patientbarcode',
      'donor',
      'donorid',
      'participant',
      'participantid',
      'individual',
    ],
  ],
  slide: [
    'slide',
    'slideid',
    'slidename',
    'wsi',
    'wsiid',
    'wsiname',
    'tissuesampleid',
    'specimen',
    'specimenid',
  ],
  site: [
    ...['site', 'siteid', 'center', 'centre', 'centerid', 'centreid', 'hospital', 'institution', 'institute'],
    ...['tissuesourcesite', 'tss', 'dataprovider', 'scanner', 'laboratory', 'lab'],
  ],
  group: ['group', 'groupid', 'cluster', 'clusterid', 'clusterlabel', 'copyof', 'original'],
  label: [
    ...[
      'label',
      'labels',
      'class',
      'classname',
      'classlabel',
      'category',
      'target',
      'ytrue',
      'truth',
      'groundtruth',
      'reference',
      'majorityvotelabel',
      'diagnosis',
    ],
    ...[
      'tumor',
      'tumour',
      'tumortype',
      'tumourtype',
      'tumorclass',
      'tumourclass',
      'malignant',
      'tissue',
      'tissuetype',
    ],
  ],
  x: ['x', 'xcoord', 'coordx', 'xmin', 'x0', 'left', 'xpx', 'posx'],
  y: ['y', 'ycoord', 'coordy', 'ymin', 'y0', 'top', 'ypx', 'posy'],
  mpp: ['mpp', 'micronsperpixel', 'umperpixel', 'umperpx', 'umpx', 'mppx'],
  subset: ['subset', 'split', 'partition', 'set', 'phase', 'datasplit'],
};
const CONTENT_SHARE_MIN = 0.8;

type Table = { columns: readonly string[]; rows: readonly (readonly (string | null)[])[] };

/**
 * The columns of a table, told from their names and its first rows. `countFiles` says of how many of these cells a file of
 * the source is known, which decides what the paths are where names do not.
 */
export function recogniseColumns(
  { columns, rows }: Table,
  countFiles: (cells: readonly string[]) => number = (cells) => cells.filter(isImageName).length,
): ColumnMap {
  const map: ColumnMap = {};
  const cellsOf = (position: number) => rows.flatMap((row) => readCellText(row[position]) ?? []);
  const taken = new Set<number>();
  const take = (key: ManifestKey, position: number | undefined) => {
    if (position === undefined || taken.has(position)) return;
    map[key] = position;
    taken.add(position);
  };
  take(
    'path',
    findPaths({ columns, rows }, (position) => countFiles(cellsOf(position))),
  );
  for (const key of MANIFEST_KEYS) {
    if (map[key] !== undefined || key === 'path') continue;
    take(key, findNamed(columns, NAMES[key], taken));
  }
  // A `y` without an `x` is no place: it is what is to be learned.
  if (map.y !== undefined && map.x === undefined) {
    const position = map.y;
    delete map.y;
    map.label ??= position;
  }
  if (map.x !== undefined && map.y === undefined) delete map.x;
  if (map.subset === undefined) {
    take(
      'subset',
      columns.findIndex((_, position) => !taken.has(position) && holdsSubsets(cellsOf(position))),
    );
    if (map.subset === -1) delete map.subset;
  }
  return map;
}

/** Of the columns with the most known files the one whose name says so most. */
function findPaths({ columns }: Table, count: (position: number) => number): number | undefined {
  const order = NAMES.path;
  const candidates = columns.map((name, position) => {
    const rank = order.indexOf(simplify(name));
    return { position, files: count(position), rank: rank < 0 ? order.length : rank };
  });
  const [best] = candidates.toSorted((a, b) => b.files - a.files || a.rank - b.rank);
  if (!best || (best.files === 0 && best.rank === order.length)) return undefined;
  return best.position;
}

function findNamed(
  columns: readonly string[],
  names: readonly string[],
  taken: ReadonlySet<number>,
): number | undefined {
  for (const name of names) {
    const position = columns.findIndex((column, at) => !taken.has(at) && simplify(column) === name);
    if (position >= 0) return position;
  }
  return undefined;
}

function holdsSubsets(cells: readonly string[]): boolean {
  const known = cells.filter((cell) => parseGivenSubset(cell) !== null).length;
  return known > 0 && known >= cells.length * CONTENT_SHARE_MIN;
}

function simplify(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}

/**
 * What was recognised, overruled by `wishes` of the form `key=column`; an empty column takes the key away.
 * @throws AppError BAD_INPUT that names the wish and what there is
 */
export function mapColumns(
  columns: readonly string[],
  recognised: ColumnMap,
  wishes: readonly string[],
): ColumnMap {
  const map: ColumnMap = { ...recognised };
  const wished = new Map<ManifestKey, number | null>();
  for (const wish of wishes) {
    const [keyText = '', ...rest] = wish.split('=');
    const key = MANIFEST_KEYS.find((known) => known === keyText.trim().toLowerCase());
    if (!key || rest.length === 0) {
      throw new AppError(
        'BAD_INPUT',
        `The mapping '${wish.slice(0, 80)}' is not of the form KEY=COLUMN, where KEY is one of ${MANIFEST_KEYS.join(', ')}.`,
      );
    }
    if (wished.has(key)) throw new AppError('BAD_INPUT', `The mapping names '${key}' twice.`);
    wished.set(key, findColumn(columns, rest.join('=')));
  }
  // A column that was asked for under one key no longer stands for what it was taken for.
  const asked = new Set(wished.values());
  for (const key of MANIFEST_KEYS) {
    const position = map[key];
    if (position !== undefined && asked.has(position)) delete map[key];
  }
  for (const [key, position] of wished) {
    if (position === null) delete map[key];
    else map[key] = position;
  }
  return map;
}

/** The column of this name, or of one that differs in signs alone; null for an empty name. BAD_INPUT for any other. */
export function findColumn(columns: readonly string[], name: string): number | null {
  const wanted = name.normalize('NFC').trim();
  if (wanted === '') return null;
  const exact = columns.findIndex((column) => column.normalize('NFC').trim() === wanted);
  if (exact >= 0) return exact;
  const close = columns.flatMap((column, at) => (simplify(column) === simplify(wanted) ? [at] : []));
  if (close.length === 1 && close[0] !== undefined) return close[0];
  throw new AppError(
    'BAD_INPUT',
    `The table has no column '${wanted.slice(0, 60)}': it has ${listColumns(columns)}.`,
  );
}

/** The names of columns in a sentence, cut where there are many. */
export function listColumns(columns: readonly string[]): string {
  const shown = columns.slice(0, 30).map((column) => `'${column.slice(0, 40)}'`);
  const more = columns.length > shown.length ? ` and ${columns.length - shown.length} more` : '';
  return `${shown.join(', ')}${more}`;
}
