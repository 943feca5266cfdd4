/**
 * What `neptune-exporter` leaves on disk: `data` with a folder a project, in it the parts of each run as Parquet, a row an
 * attribute or a point of a series, and `files` with what was uploaded. A run without its first part is not whole.
 */
import type { Dirent } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { z } from 'zod';

const PART = /^(.+)_part_(\d+)\.parquet$/;
const ROWS_AT_ONCE = 16_384;

const text = z.string().nullish();
const moment = z.date().nullish();
/** NaN and the infinities are values too. */
const real = z.custom<number>((value) => typeof value === 'number', 'a number is expected');
const numbers = z.array(real.nullable()).nullish();

const row = z.object({
  project_id: z.string(),
  run_id: z.string(),
  attribute_path: z.string(),
  attribute_type: z.string(),
  step: z.number().nullish(),
  timestamp: moment,
  int_value: z.union([z.bigint(), z.number()]).nullish(),
  float_value: real.nullish(),
  string_value: text,
  bool_value: z.boolean().nullish(),
  datetime_value: moment,
  string_set_value: z.array(text).nullish(),
  file_value: z.object({ path: text }).nullish(),
  histogram_value: z.object({ type: text, edges: numbers, values: numbers }).nullish(),
});

export type NeptuneRow = z.infer<typeof row>;

export type ExportedRun = {
  /** The parts on disk, in their order. */
  parts: string[];
  /** Changes when a part does. */
  state: string;
  /** The folder of the project's files. */
  filesFolder: string;
};

/** The folder of an export, or its `data` alone. BAD_INPUT for any other. */
export async function listExportedRuns(folder: string): Promise<ExportedRun[]> {
  const shown = escapeUnprintable(folder);
  const root = path.resolve(folder);
  const data = (await isFolder(path.join(root, 'data'))) ? path.join(root, 'data') : root;
  const files = path.join(path.dirname(data), 'files');
  const projects = await readdir(data, { withFileTypes: true }).catch((error: unknown) => {
    throw new AppError('BAD_INPUT', `There is no folder ${shown}.`, { cause: error });
  });
  const runs: ExportedRun[] = [];
  for (const project of projects.filter((entry) => entry.isDirectory()).toSorted(byName)) {
    const place = path.join(data, project.name);
    for (const [, own] of groupParts(await readdir(place))) {
      const parts = own.map((name) => path.join(place, name));
      const sizes = await Promise.all(parts.map(async (part) => (await stat(part)).size));
      runs.push({ parts, state: sizes.join(' '), filesFolder: path.join(files, project.name) });
    }
  }
  if (runs.length > 0) return runs;
  throw new AppError('BAD_INPUT', `${shown} holds no run that neptune-exporter wrote.`);
}

/** By run, in the order of their numbers; those without part 0 are left out. */
function groupParts(names: readonly string[]): Map<string, string[]> {
  const parts = new Map<string, { number: number; name: string }[]>();
  for (const name of names) {
    const [, run, number] = PART.exec(name) ?? [];
    if (run === undefined || number === undefined) continue;
    parts.set(run, [...(parts.get(run) ?? []), { number: Number(number), name }]);
  }
  const whole = [...parts].filter(([, own]) => own.some(({ number }) => number === 0));
  return new Map(
    whole
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([run, own]) => [run, own.toSorted((a, b) => a.number - b.number).map(({ name }) => name)]),
  );
}

/** A few thousand at a time. BAD_INPUT for a file that is damaged, or of another schema. */
export async function* readRows(run: ExportedRun): AsyncGenerator<NeptuneRow[]> {
  for (const part of run.parts) yield* readPart(part);
}

async function* readPart(part: string): AsyncGenerator<NeptuneRow[]> {
  const handle = await open(part);
  try {
    const { size: byteLength } = await handle.stat();
    const slice = async (start: number, end = byteLength) => {
      const from = start < 0 ? byteLength + start : start;
      const bytes = Buffer.alloc(Math.max(0, end - from));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
      return new Uint8Array(bytes.subarray(0, bytesRead)).buffer;
    };
    const file = { byteLength, slice };
    const metadata = await parquetMetadataAsync(file);
    const total = Number(metadata.num_rows);
    for (let rowStart = 0; rowStart < total; rowStart += ROWS_AT_ONCE) {
      const rowEnd = Math.min(total, rowStart + ROWS_AT_ONCE);
      const objects = await parquetReadObjects({ file, metadata, rowStart, rowEnd, compressors });
      yield objects.map((object) => row.parse(object));
    }
  } catch (error) {
    const detail =
      error instanceof z.ZodError ? z.prettifyError(error) : error instanceof Error ? error.message : '';
    throw new AppError(
      'BAD_INPUT',
      `${escapeUnprintable(path.basename(part))} is no part that neptune-exporter wrote: ${detail.slice(0, 300)}.`,
      { cause: error },
    );
  } finally {
    await handle.close();
  }
}

function isFolder(place: string): Promise<boolean> {
  return stat(place).then(
    (found) => found.isDirectory(),
    () => false,
  );
}

function byName(a: Dirent, b: Dirent): number {
  return a.name < b.name ? -1 : 1;
}
