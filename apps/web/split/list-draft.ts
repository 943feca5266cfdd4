/** A list as it is dropped on a page, how it is to be read, and the request that both become. Pure. */
import { readTableHead, type TextFile } from '../form/text-files.ts';
import type { NameRule, SplitListInput } from '../graphql/generated/graphql.ts';

export const LIST_COLUMNS = ['id', 'patient', 'side', 'fold', 'site'] as const;

export type ListColumn = (typeof LIST_COLUMNS)[number];

export type ListDraft = {
  files: readonly TextFile[];
  /** Empty where the column is to be found. */
  columns: Partial<Record<ListColumn, string>>;
  rule: NameRule | '';
  pattern: string;
};

export const EMPTY_LIST: ListDraft = { files: [], columns: {}, rule: '', pattern: '' };

export function toListInput({ files, columns, rule, pattern }: ListDraft): SplitListInput {
  const named = LIST_COLUMNS.flatMap((what) => (columns[what]?.trim() ? [[what, columns[what].trim()]] : []));
  return {
    files: files.map(({ name, text }) => ({ name, text })),
    columns: named.length > 0 ? Object.fromEntries(named) : null,
    rule: rule || null,
    pattern: rule === 'REGEX' ? pattern : null,
  };
}

/** The head of the first file, for a choice of columns; empty where it is no table. */
export function listColumnNames({ files: [first] }: ListDraft): string[] {
  return first ? readTableHead(first.text) : [];
}
