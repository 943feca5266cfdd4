/**
 * PatchCamelyon's HDF5: each row of `x` as a file of its own, read when it is asked for, with its class from `y` and its
 * slide from the table, where there is one.
 */
import { basename } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { countNoun } from '@microtome/domain/count-noun';
import {
  namePcamClass,
  type PcamPart,
  parsePcamPart,
  readPcamMeta,
} from '@microtome/domain/source/layout/pcam';
import { readCellText } from '@microtome/domain/source/manifest/missing-cell';
import type { Dataset } from 'h5wasm/node';
import { writePpm } from '../pixels/headers/ppm-header.ts';
import { accept, type Checked, printablePath, type Refuse, refuse as refuseRow } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';
import { openSourceTable } from '../table/open-table.ts';
import { countRows } from './count-rows.ts';
import { Hdf5Containers } from './hdf5-containers.ts';
import { FactPool, type ToldPatch } from './told-patch.ts';

const CHANNELS = 3;
/** Rows that are read ahead once rows are asked for one after the other. */
const ROWS_AHEAD = 16;
const LABELS_AT_ONCE = 65_536;

type PcamRequest = {
  files: readonly SourceFile[];
  /** Where packed containers are unpacked; null: in the folder that the system has for such. */
  scratch: string | null;
  refuse: Refuse;
  signal: AbortSignal;
};
type PcamSet = Partial<Record<PcamPart['part'], SourceFile>> & { subset: PcamPart['subset'] };

type ReadPcam = { told: ToldPatch[]; close(): Promise<void> };

/** Files that are no part of the set are refused one by one. @throws AppError BAD_INPUT for parts that do not fit */
export async function readPcam({ files, scratch, refuse, signal }: PcamRequest): Promise<ReadPcam> {
  const sets = new Map<string, PcamSet>();
  for (const file of files) {
    const part = parsePcamPart(file.path);
    if (!part) {
      refuse({ path: file.path, code: 'STRAY_FILE', reason: 'It is no part of the HDF5 set.' });
      continue;
    }
    const set = sets.get(part.set) ?? { subset: part.subset };
    // The packed copy of a part that is there unpacked too says nothing new.
    if (!set[part.part] || set[part.part]?.path.endsWith('.gz')) set[part.part] = file;
    sets.set(part.set, set);
  }
  const containers = new Hdf5Containers(scratch);
  const close = () => containers.close();
  try {
    const told: ToldPatch[] = [];
    for (const set of sets.values()) await readSet(told, { set, containers, signal });
    return { told, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function readSet(
  told: ToldPatch[],
  { set, containers, signal }: { set: PcamSet; containers: Hdf5Containers; signal: AbortSignal },
): Promise<void> {
  const { x, y, meta, subset } = set;
  if (!x) return;
  if (!y) {
    const wanted = basename(x.path).replace(/_x\./i, '_y.');
    throw new AppError('BAD_INPUT', `${printablePath(x.path)} has no classes: ${wanted} is missing.`);
  }
  const pixels = await containers.openDataset(x, 'x');
  const labels = await containers.openDataset(y, 'y');
  const [count = 0, height = 0, width = 0, channels = 0] = pixels.shape ?? [];
  const isPicture =
    pixels.shape?.length === 4 && channels === CHANNELS && /^[<>|]?B$/.test(String(pixels.dtype));
  if (!isPicture) {
    const shape = `(${pixels.shape?.join(', ')}) of ${String(pixels.dtype)}`;
    throw new AppError(
      'BAD_INPUT',
      `x of ${printablePath(x.path)} is ${shape}; (N, H, W, 3) of bytes is needed.`,
    );
  }
  const labelCount = labels.shape?.[0] ?? 0;
  if (labelCount !== count || (labels.shape ?? []).some((side, axis) => axis > 0 && side !== 1)) {
    const both = `${countNoun(count, 'patch')}, ${printablePath(y.path)} ${countNoun(labelCount, 'label')}`;
    throw new AppError(
      'BAD_INPUT',
      `The two files do not belong together: ${printablePath(x.path)} has ${both}.`,
    );
  }
  const slides = meta ? await readMeta(meta, { count, signal }) : null;
  const rows = new PictureRows(pixels, { width, height, count });
  const pool = new FactPool();
  for (let start = 0; start < count; start += LABELS_AT_ONCE) {
    signal.throwIfAborted();
    const end = Math.min(start + LABELS_AT_ONCE, count);
    const values = labels.slice([
      [start, end],
      ...(labels.shape ?? []).slice(1).map((side) => [0, side] as [number, number]),
    ]);
    const numbers = Array.from(values as ArrayLike<number | bigint>, Number);
    for (const [at, value] of numbers.entries()) {
      const className = namePcamClass(value);
      const file = new PictureRow(rows, `${x.path}#${start + at}`, start + at);
      told.push({ file, facts: pool.complete({ className, subset, ...slides?.[start + at] }) });
    }
  }
}

/** One entry a row of the pictures, in their order. */
async function readMeta(file: SourceFile, { count, signal }: { count: number; signal: AbortSignal }) {
  const table = await openSourceTable(file);
  try {
    const positions = new Map(table.columns.map((column, position) => [column, position]));
    const told: ReturnType<typeof readPcamMeta>[] = [];
    for await (const batch of countRows(table, signal)) {
      for (const { cells } of batch)
        told.push(readPcamMeta((column) => readCellText(cells[positions.get(column) ?? -1])));
    }
    if (told.length === count) return told;
    const both = `${countNoun(told.length, 'row')}, the pictures ${count.toLocaleString('en')}`;
    throw new AppError('BAD_INPUT', `${printablePath(file.path)} has ${both}: they do not belong together.`);
  } finally {
    await table.close();
  }
}

/** The rows of one `x`, of which the last ones read are kept. */
class PictureRows {
  readonly #dataset: Dataset;
  readonly #size: { width: number; height: number; count: number };
  #first = 0;
  #kept: Uint8Array = new Uint8Array(0);
  #last = -1;

  constructor(dataset: Dataset, size: { width: number; height: number; count: number }) {
    this.#dataset = dataset;
    this.#size = size;
  }

  read(row: number): Uint8Array {
    const { width, height, count } = this.#size;
    const bytes = width * height * CHANNELS;
    const keptRows = this.#kept.length / bytes;
    if (row < this.#first || row >= this.#first + keptRows) {
      const isNext = row === this.#last + 1;
      const end = Math.min(row + (isNext ? ROWS_AHEAD : 1), count);
      this.#kept = this.#dataset.slice([[row, end], [], [], []]) as Uint8Array;
      this.#first = row;
    }
    this.#last = row;
    const start = (row - this.#first) * bytes;
    return writePpm(this.#kept.subarray(start, start + bytes), { width, height });
  }
}

/** One row, in the form of a file. */
class PictureRow implements SourceFile {
  readonly path: string;
  readonly #rows: PictureRows;
  readonly #row: number;

  constructor(rows: PictureRows, path: string, row: number) {
    this.#rows = rows;
    this.path = path;
    this.#row = row;
  }

  async read(): Promise<Checked<Uint8Array>> {
    try {
      return accept(this.#rows.read(this.#row));
    } catch (error) {
      const detail = error instanceof Error ? error.message : String(error);
      return refuseRow('UNREADABLE', `Its row cannot be read (${detail.slice(0, 120)}).`);
    }
  }
}
