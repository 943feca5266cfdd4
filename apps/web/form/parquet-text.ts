/**
 * A Parquet file as the CSV that says the same, for pages that read tables as text. Packed by Snappy or Zstandard, or not at
 * all: what pandas and polars write. Lists and records within a cell are passed over, as the command line does.
 */
import { decompress } from 'fzstd';
import { type Compressors, parquetMetadata, parquetReadObjects, parquetSchema } from 'hyparquet';

const RANGE_ROWS = 20_000;
/** Beyond Snappy, which the reader knows. */
const COMPRESSORS: Compressors = { ZSTD: unpackZstandard };
const NEEDS_QUOTES = /[",\r\n]/;

/** Null where the text would be longer than `charactersMax`. Throws the reader's error for what is no whole file. */
export async function readParquetText(
  bytes: ArrayBuffer,
  { charactersMax }: { charactersMax: number },
): Promise<string | null> {
  const metadata = parquetMetadata(bytes);
  const names = parquetSchema(metadata)
    .children.filter(({ children }) => children.length === 0)
    .map(({ element }) => element.name);
  if (names.length === 0) throw new Error('it has no plain columns');
  const parts = [`${names.map(quote).join(',')}\n`];
  let characters = parts[0]!.length;
  const rowCount = Number(metadata.num_rows);
  for (let rowStart = 0; rowStart < rowCount; rowStart += RANGE_ROWS) {
    const rows = await parquetReadObjects({
      file: bytes,
      metadata,
      columns: names,
      rowStart,
      rowEnd: Math.min(rowStart + RANGE_ROWS, rowCount),
      compressors: COMPRESSORS,
    });
    for (const row of rows) {
      const line = `${names.map((name) => quote(writeCell(row[name]))).join(',')}\n`;
      parts.push(line);
      characters += line.length;
      if (characters > charactersMax) return null;
    }
  }
  return parts.join('');
}

function unpackZstandard(packed: Uint8Array): Uint8Array {
  return decompress(packed);
}

/** Empty for what is not told. */
function writeCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'object') return value instanceof Date ? value.toISOString() : JSON.stringify(value);
  return String(value);
}

function quote(cell: string): string {
  return NEEDS_QUOTES.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
