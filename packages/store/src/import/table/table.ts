/** A table of text, read a batch of rows at a time: a manifest, or the table that belongs to a layout. */

export type TableRow = {
  /** Of the file, where it has lines; of a Parquet file the number of the row. Both from 1. */
  line: number;
  /** As many as the row has, which may be fewer or more than the columns. */
  cells: readonly (string | null)[];
};

export type Table = {
  /** As shown to people. */
  path: string;
  /** `line` or `row`, for sentences. */
  unit: 'line' | 'row';
  columns: readonly string[];
  /** Batches of a few thousand. May be read once. @throws AppError BAD_INPUT where the file breaks off */
  batches: AsyncIterable<readonly TableRow[]>;
  close(): Promise<void>;
};

export const BATCH_ROWS = 4_096;

/** Names that can be told apart: a column without one is called by its number, the second of a name too. */
export function nameColumns(header: readonly (string | null)[]): string[] {
  const seen = new Set<string>();
  return header.map((cell, position) => {
    const name = cell?.trim().normalize('NFC') ?? '';
    const shown =
      name === '' ? `column ${position + 1}` : seen.has(name) ? `${name} (column ${position + 1})` : name;
    seen.add(shown);
    return shown;
  });
}
