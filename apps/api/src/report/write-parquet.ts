/** A table as Parquet: one column chunk per column, compressed with Snappy, doubles bit for bit as stored. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { ExportTable } from './export-table.ts';

export function writeParquet({ columns, about = {} }: ExportTable): Uint8Array {
  const columnData = columns.map(({ name, type, values }) => ({
    name,
    type,
    // The writer takes plain arrays where a value may be missing, and views of numbers where none is.
    data: ArrayBuffer.isView(values) ? values : [...values],
    nullable: type === 'DOUBLE' && !ArrayBuffer.isView(values),
  }));
  const kvMetadata = Object.entries(about).map(([key, value]) => ({ key, value }));
  return new Uint8Array(parquetWriteBuffer({ columnData, createdBy: 'Microtome', kvMetadata }));
}
