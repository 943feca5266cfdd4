/**
 * HDF5 files that are open while rows of them are read. What is packed, by gzip or in a zip, is first written to a folder
 * that goes when they are closed, and loses its name as soon as it is open: a killed import leaves no bytes there.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import h5wasm, { type Dataset, type File as H5File } from 'h5wasm/node';
import { diskFull, isDiskFull } from '../../disk-fault.ts';
import { printablePath } from '../refusal.ts';
import type { SourceFile } from '../source/patch-source.ts';

const HDF5_MARK = '\u0089HDF\r\n\u001a\n';
const GZIP_MARK = 0x1f8b;

export class Hdf5Containers {
  /** Where the folder of what is unpacked is made. */
  readonly #scratch: string;
  readonly #opened: H5File[] = [];
  #folder: string | null = null;
  #unpackedCount = 0;

  constructor(scratch: string | null) {
    this.#scratch = scratch ?? tmpdir();
  }

  /** The dataset of this name, or else the first. @throws AppError BAD_INPUT for what is no HDF5 */
  async openDataset(file: SourceFile, name: string): Promise<Dataset> {
    await h5wasm.ready;
    const location = await this.#unpack(file);
    const container = new h5wasm.File(location, 'r');
    this.#opened.push(container);
    // What is open is read on without its name, and its bytes go with this process, however it ends.
    if (location !== file.diskPath) await rm(location, { force: true });
    const dataset = container.get(name) ?? container.get(container.keys()[0] ?? name);
    if (dataset && 'slice' in dataset && 'shape' in dataset) return dataset as Dataset;
    throw new AppError('BAD_INPUT', `${printablePath(file.path)} has no dataset ${name}.`);
  }

  async close(): Promise<void> {
    for (const file of this.#opened) file.close();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true });
  }

  async #unpack(file: SourceFile): Promise<string> {
    const shown = printablePath(file.path);
    const path = file.diskPath ?? (await this.#copy(file, shown));
    const head = await readHead(path);
    if (head.toString('latin1') === HDF5_MARK) return path;
    if (head.readUInt16BE(0) !== GZIP_MARK) throw new AppError('BAD_INPUT', `${shown} is no HDF5 file.`);
    const target = await this.#nameTarget();
    try {
      await pipeline(createReadStream(path), createGunzip(), createWriteStream(target));
    } catch (error) {
      if (isDiskFull(error)) throw this.#describeFull(shown, error);
      throw new AppError('BAD_INPUT', `${shown} is damaged: it cannot be unpacked.`, { cause: error });
    }
    if (path !== file.diskPath) await rm(path);
    if ((await readHead(target)).toString('latin1') === HDF5_MARK) return target;
    throw new AppError('BAD_INPUT', `${shown} holds no HDF5 file.`);
  }

  async #copy({ copyTo }: SourceFile, shown: string): Promise<string> {
    if (!copyTo) throw new AppError('BAD_INPUT', `${shown} is no HDF5 file by its name.`);
    const target = await this.#nameTarget();
    const copied = await copyTo(target).catch((error: unknown) => {
      throw isDiskFull(error) ? this.#describeFull(shown, error) : error;
    });
    if (copied.ok) return target;
    throw new AppError('BAD_INPUT', `${shown} cannot be read: ${copied.fault.reason}`);
  }

  async #nameTarget(): Promise<string> {
    this.#folder ??= await mkdtemp(join(this.#scratch, 'microtome-hdf5-'));
    this.#unpackedCount += 1;
    return join(this.#folder, `${this.#unpackedCount}.h5`);
  }

  #describeFull(shown: string, cause: unknown): AppError {
    return diskFull(this.#scratch, `${shown} was not unpacked`, cause);
  }
}

/** Shorter than asked for where the file is. */
async function readHead(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    const head = Buffer.alloc(HDF5_MARK.length);
    await handle.read(head, 0, head.length, 0);
    return head;
  } finally {
    await handle.close();
  }
}
