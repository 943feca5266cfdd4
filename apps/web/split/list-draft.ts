/** A list as it is dropped on a page, how it is to be read, and the request that both become. Pure. */
import type { NameRule, SplitListInput } from '../graphql/generated/graphql.ts';

/** What the API takes; longer ones are for the command line. */
const CHARACTERS_MAX = 16 * 1024 * 1024;
export const LIST_COLUMNS = ['id', 'patient', 'side', 'fold', 'site'] as const;

export type ListColumn = (typeof LIST_COLUMNS)[number];

type ListFile = { name: string; text: string };

export type ListDraft = {
  files: readonly ListFile[];
  /** Empty where the column is to be found. */
  columns: Partial<Record<ListColumn, string>>;
  rule: NameRule | '';
  pattern: string;
};

export const EMPTY_LIST: ListDraft = { files: [], columns: {}, rule: '', pattern: '' };

/** The texts of the files, or a sentence on why they are not read. */
export async function readListFiles(
  files: readonly File[],
): Promise<{ files: ListFile[] } | { refusal: string }> {
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size > CHARACTERS_MAX) {
    const megabytes = Math.ceil(size / 1024 / 1024);
    return {
      refusal: `The list has ${megabytes} MB: at most 16 are taken here, and any number by npm run import-split.`,
    };
  }
  return {
    files: await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))),
  };
}

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
  if (!first || /^\s*[[{]/.test(first.text)) return [];
  const head = first.text.replace(/^\ufeff/, '').split(/\r?\n/, 1)[0] ?? '';
  const separator = [',', '\t', ';'].reduce((best, one) =>
    head.split(one).length > head.split(best).length ? one : best,
  );
  return head
    .split(separator)
    .map((name) => name.trim().replace(/^"(.*)"$/, '$1'))
    .filter((name) => name !== '');
}
