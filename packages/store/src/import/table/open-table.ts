/** Opens a manifest or a layout's table, wherever it lies, by what its bytes are: CSV, TSV or Parquet, packed by gzip or not. */
import { constants, createReadStream } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { createGunzip, gunzipSync } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { printablePath } from '../refusal.ts';
import { describeOpenError, type SourceFile } from '../source/patch-source.ts';
import { openCsvTable } from './csv-table.ts';
import { openParquetTable } from './parquet-table.ts';
import type { Table } from './table.ts';

const PARQUET_MARK = 'PAR1';
const GZIP_MARK = 0x1f8b;
/** A table that is no text at all, told by bytes that no text has. */
const SPREADSHEET_MARKS = ['PK\u0003\u0004', '\u00d0\u00cf\u0011\u00e0'];
const OPEN_FLAGS = constants.O_RDONLY | constants.O_NONBLOCK;

/** @throws AppError NOT_FOUND, FORBIDDEN or BAD_INPUT with a sentence that names the file */
export async function openTableAt(path: string): Promise<Table> {
  const shown = printablePath(path);
  let handle: FileHandle | undefined;
  try {
    const location = await realpath(path);
    handle = await open(location, OPEN_FLAGS);
    if (!(await handle.stat()).isFile()) throw new AppError('BAD_INPUT', `${shown} is not a regular file.`);
    return await openByContent(basename(path), handle);
  } catch (error) {
    await handle?.close();
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      throw new AppError('NOT_FOUND', `There is no table at ${shown}.`, { cause: error });
    }
    throw describeOpenError(error, shown);
  }
}

/** Of a source: from the disk where it lies there, else from memory. */
export async function openSourceTable(file: SourceFile): Promise<Table> {
  if (file.diskPath !== undefined) return openTableAt(file.diskPath);
  const bytes = await file.read();
  if (!bytes.ok) {
    throw new AppError('BAD_INPUT', `${printablePath(file.path)} cannot be read: ${bytes.fault.reason}`);
  }
  return openTableBytes(basename(file.path), Buffer.from(bytes.value));
}

async function openByContent(name: string, handle: FileHandle): Promise<Table> {
  const head = Buffer.alloc(8);
  await handle.read(head, 0, head.length, 0);
  const { size: byteLength } = await handle.stat();
  refuseSpreadsheet(name, head);
  if (head.toString('latin1', 0, 4) === PARQUET_MARK) {
    const slice = async (start: number, end = byteLength) => {
      const from = start < 0 ? byteLength + start : start;
      const bytes = Buffer.alloc(Math.max(0, end - from));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return new Uint8Array(bytes.subarray(0, bytesRead)).buffer;
    };
    return openParquetTable(name, { byteLength, slice }, () => handle.close());
  }
  const file = createReadStream('', { fd: handle, start: 0, autoClose: false });
  const text = head.readUInt16BE(0) === GZIP_MARK ? file.pipe(createGunzip()) : file;
  const close = async () => {
    file.destroy();
    await handle.close();
  };
  return openCsvTable(name, describeGzip(text, name), close);
}

/** The same of bytes that are in memory. @throws AppError BAD_INPUT */
export async function openTableBytes(name: string, packed: Buffer): Promise<Table> {
  const isPacked = packed.length > 2 && packed.readUInt16BE(0) === GZIP_MARK;
  const bytes = isPacked ? unpack(name, packed) : packed;
  refuseSpreadsheet(name, bytes);
  const close = async () => {};
  if (bytes.toString('latin1', 0, 4) !== PARQUET_MARK)
    return openCsvTable(name, Readable.from([bytes]), close);
  const buffer = new Uint8Array(bytes).buffer;
  const slice = (start: number, end?: number) => buffer.slice(start, end);
  return openParquetTable(name, { byteLength: buffer.byteLength, slice }, close);
}

function unpack(name: string, packed: Buffer): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: IMPORT_LIMITS.tableBytesMax });
  } catch (error) {
    throw damagedGzip(name, error);
  }
}

async function* describeGzip(stream: AsyncIterable<Uint8Array>, name: string): AsyncGenerator<Uint8Array> {
  try {
    yield* stream;
  } catch (error) {
    throw damagedGzip(name, error);
  }
}

function damagedGzip(name: string, cause: unknown): AppError {
  const detail = cause instanceof Error ? cause.message : String(cause);
  return new AppError('BAD_INPUT', `${printablePath(name)} cannot be read: ${detail}.`, { cause });
}

function refuseSpreadsheet(name: string, head: Buffer): void {
  const beginning = head.toString('latin1', 0, 4);
  if (!SPREADSHEET_MARKS.includes(beginning)) return;
  throw new AppError('BAD_INPUT', `${printablePath(name)} is a spreadsheet: save it as CSV first.`);
}
