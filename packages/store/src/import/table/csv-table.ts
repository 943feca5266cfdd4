/**
 * CSV and TSV as programs write them: with or without a byte order mark, quoted or not, rows shorter or longer than the
 * first. The delimiter is the one that the first line has most of.
 */
import { AppError } from '@microtome/domain/app-error';
import { CsvError, parse } from 'csv-parse';
import { printablePath } from '../refusal.ts';
import { BATCH_ROWS, nameColumns, type Table, type TableRow } from './table.ts';

const DELIMITERS = [',', '\t', ';', '|'];
/** The longest line that is read; one without an end is no table. */
const LINE_BYTES_MAX = 1024 * 1024;
const HEAD_BYTES = 64 * 1024;

/** Reads the first line. `bytes` are those of the file, from its beginning. */
export async function openCsvTable(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): Promise<Table> {
  const texts = decodeText(bytes, path);
  let head = '';
  for (let next = await texts.next(); !next.done; next = await texts.next()) {
    head += next.value;
    if (head.length >= HEAD_BYTES) break;
  }
  const [firstLine = ''] = head.split(/\r\n|\n|\r/, 1);
  const batches = parseRows(startWith(head, texts), { delimiter: chooseDelimiter(firstLine), path });
  const first = await batches.next();
  if (first.done) throw new AppError('BAD_INPUT', `${printablePath(path)} is an empty table.`);
  const [header, ...rows] = first.value;
  return {
    path,
    unit: 'line',
    columns: nameColumns(header.cells),
    batches: inBatches(rows, batches),
    close,
  };
}

/** UTF-8, or what the byte order mark says. @throws AppError BAD_INPUT for other encodings */
async function* decodeText(bytes: AsyncIterable<Uint8Array>, path: string): AsyncGenerator<string> {
  let decoder: TextDecoder | null = null;
  const decode = (chunk: Uint8Array | undefined, isLast: boolean) => {
    try {
      return decoder?.decode(chunk, { stream: !isLast }) ?? '';
    } catch {
      const shown = printablePath(path);
      throw new AppError('BAD_INPUT', `${shown} is not written in UTF-8: save it as "CSV UTF-8" first.`);
    }
  };
  for await (const chunk of bytes) {
    decoder ??= new TextDecoder(findEncoding(chunk), { fatal: true });
    yield decode(chunk, false);
  }
  const rest = decode(undefined, true);
  if (rest !== '') yield rest;
}

function findEncoding(chunk: Uint8Array): string {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return 'utf-16le';
  if (chunk[0] === 0xfe && chunk[1] === 0xff) return 'utf-16be';
  return 'utf-8';
}

function chooseDelimiter(firstLine: string): string {
  const unquoted = firstLine.replace(/"[^"]*"/g, '');
  const counts = DELIMITERS.map((delimiter) => ({ delimiter, count: unquoted.split(delimiter).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}

type ParseWish = { delimiter: string; path: string };

type Rows = [TableRow, ...TableRow[]];

/** As many at a time as each text completes: a promise for every row would take longer than the row. */
async function* parseRows(
  texts: AsyncIterable<string>,
  { delimiter, path }: ParseWish,
): AsyncGenerator<Rows, void> {
  const waiting: TableRow[] = [];
  const parser = parse({
    delimiter,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: LINE_BYTES_MAX,
    on_record: (cells: string[], { lines }) => {
      waiting.push({ line: lines, cells });
      return null;
    },
  });
  // What is wrong with the text is thrown where it is written, in order.
  let fault: unknown = null;
  parser.on('error', (error) => {
    fault = error;
  });
  parser.resume();
  const write = (text: string | null) =>
    new Promise<void>((resolve) => {
      if (text === null) parser.end(() => resolve());
      else parser.write(text, () => resolve());
    });
  for await (const text of texts) {
    await write(text);
    if (fault) throw describeFault(fault, path);
    yield* takeRows(waiting);
  }
  await write(null);
  if (fault) throw describeFault(fault, path);
  yield* takeRows(waiting);
}

function* takeRows(waiting: TableRow[]): Generator<Rows> {
  const [first, ...rest] = waiting.splice(0);
  if (first) yield [first, ...rest];
}

function describeFault(error: unknown, path: string): unknown {
  if (!(error instanceof CsvError)) return error;
  const line = typeof error.lines === 'number' ? error.lines : 0;
  const shown = printablePath(path);
  if (error.code === 'CSV_MAX_RECORD_SIZE') {
    const limit = LINE_BYTES_MAX.toLocaleString('en');
    return new AppError('BAD_INPUT', `${shown} is no table: line ${line} has more than ${limit} characters.`);
  }
  const what = error.code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : error.message;
  return new AppError('BAD_INPUT', `${shown} cannot be read at line ${line}: ${what}.`, { cause: error });
}

async function* inBatches(
  first: readonly TableRow[],
  rest: AsyncIterable<readonly TableRow[]>,
): AsyncGenerator<TableRow[]> {
  let batch: TableRow[] = [];
  for await (const rows of startWith(first, rest)) {
    for (const row of rows) {
      batch.push(row);
      if (batch.length < BATCH_ROWS) continue;
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function* startWith<Item>(first: Item, rest: AsyncIterable<Item>): AsyncGenerator<Item, void> {
  yield first;
  yield* rest;
}
