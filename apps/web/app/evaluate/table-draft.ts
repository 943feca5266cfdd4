/** A table of scores as it is dropped on the page, how it is to be read, and the request that both become. Pure. */
import type { TextFile } from '../../form/text-files.ts';
import type { ScoredTableInput, SplittingUnit } from '../../graphql/generated/graphql.ts';

export const TABLE_COLUMNS = ['label', 'patient', 'slide', 'site', 'subset'] as const;

export type TableColumn = (typeof TABLE_COLUMNS)[number];

/** Stands for a column that is found and must not be taken. */
export const NO_COLUMN = ' ';

export type ScoreKind = 'PROBABILITY' | 'LOGIT';

export type TableDraft = {
  file: TextFile | null;
  /** Left out where the column is to be found. */
  columns: Partial<Record<TableColumn, string>>;
  /** By column; empty where they are to be found. */
  scores: Readonly<Record<string, ScoreKind>>;
  /** Separated by commas; empty where names tell it. */
  positive: string;
  /** As typed; empty where it is to be chosen. */
  threshold: string;
  unit: SplittingUnit | '';
};

export const EMPTY_TABLE: TableDraft = {
  file: null,
  columns: {},
  scores: {},
  positive: '',
  threshold: '',
  unit: '',
};

/** Null without a file, and while the threshold is none. */
export function toTableInput(draft: TableDraft): ScoredTableInput | null {
  const { file, columns, scores, positive, threshold, unit } = draft;
  const value = readThreshold(threshold);
  if (!file || value === undefined) return null;
  const named = TABLE_COLUMNS.flatMap((what) => (columns[what] ? [[what, columns[what].trim()]] : []));
  const models = Object.entries(scores).map(([column, kind]) => ({ column, isLogit: kind === 'LOGIT' }));
  const classes = positive
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return {
    ...file,
    columns: named.length > 0 ? Object.fromEntries(named) : null,
    scores: models.length > 0 ? models : null,
    positive: classes.length > 0 ? classes : null,
    threshold: value,
    unit: unit || null,
  };
}

/** Null for an empty text, undefined for one that is no threshold. */
export function readThreshold(text: string): number | null | undefined {
  if (text.trim() === '') return null;
  const value = Number(text);
  return value >= 0 && value <= 1 ? value : undefined;
}
