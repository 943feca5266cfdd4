/** Sends a table as a download: CSV line by line, or Parquet. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import type { Background } from '../background/background.ts';
import type { ExportTable, TableFormat } from '../report/export-table.ts';
import { writeCsv } from '../report/write-csv.ts';
import { describeSubject, nameTableFile, type TableSubject } from './table-subject.ts';

const MEDIA_TYPES: Record<TableFormat, string> = {
  csv: 'text/csv; charset=utf-8; header=present',
  parquet: 'application/vnd.apache.parquet',
};

export async function sendTable(sending: {
  background: Background;
  table: ExportTable;
  format: TableFormat;
  /** What it is a table of, and of which record; empty of many. */
  name: { table: string; id: string };
  /** Null of a table that is not of one task. */
  subject: TableSubject | null;
  response: Response;
}): Promise<void> {
  const { background, format, subject, response } = sending;
  const table = subject ? { ...sending.table, about: describeSubject(subject) } : sending.table;
  const fileName = nameTableFile(sending.name, subject ?? { task: null });
  const bytes = format === 'parquet' ? await background.writeParquet(table) : null;
  response.setHeader('content-type', MEDIA_TYPES[format]);
  response.setHeader('content-disposition', `attachment; filename="${fileName}.${format}"`);
  // Its content changes when TEST is opened.
  response.setHeader('cache-control', 'no-cache');
  if (bytes) response.send(Buffer.from(bytes));
  else await pipeline(Readable.from(writeCsv(table)), response);
}
