/** Parquet, a range of rows at a time: its columns as text, numbers and dates as they are written. */
import { AppError } from '@microtome/domain/app-error';
import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects, parquetSchema } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { printablePath } from '../refusal.ts';
import { BATCH_ROWS, nameColumns, type Table, type TableRow } from './table.ts';

/** Rows that are decoded together. */
const RANGE_ROWS = 8 * BATCH_ROWS;

/** @throws AppError BAD_INPUT for a damaged file, or one with columns of columns alone */
export async function openParquetTable(
  path: string,
  file: AsyncBuffer,
  close: () => Promise<void>,
): Promise<Table> {
  const metadata = await parquetMetadataAsync(file).catch((error: unknown) => {
    throw describeFault(error, path);
  });
  const rowCount = Number(metadata.num_rows);
  // Lists and records within a cell are no keys, and are passed over.
  const names = parquetSchema(metadata)
    .children.filter(({ children }) => children.length === 0)
    .map(({ element }) => element.name);
  if (names.length === 0) throw describeFault(new Error('it has no plain columns'), path);

  async function* readBatches(): AsyncGenerator<TableRow[]> {
    for (let start = 0; start < rowCount; start += RANGE_ROWS) {
      const rowEnd = Math.min(start + RANGE_ROWS, rowCount);
      const range = { file, metadata, columns: names, rowStart: start, rowEnd, compressors };
      const objects = await parquetReadObjects(range).catch((error: unknown) => {
        throw describeFault(error, path);
      });
      const rows = objects.map((object, at) => ({
        line: start + at + 1,
        cells: names.map((name) => writeCell(object[name])),
      }));
      for (let first = 0; first < rows.length; first += BATCH_ROWS)
        yield rows.slice(first, first + BATCH_ROWS);
    }
  }

  return { path, unit: 'row', columns: nameColumns(names), batches: readBatches(), close };
}

function writeCell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  return JSON.stringify(value);
}

function describeFault(error: unknown, path: string): AppError {
  const detail = error instanceof Error ? error.message : String(error);
  return new AppError('BAD_INPUT', `${printablePath(path)} cannot be read as Parquet: ${detail}.`, {
    cause: error,
  });
}
