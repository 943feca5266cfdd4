/**
 * Packs the worker into one file: the traced files as they lie in the repository, the running Node with the libraries that
 * it shares with its addons, and a starter. The same files give the same archive: owners, times and order are fixed. The
 * ending of the file says how it is packed.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { lstat, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { AppError } from '@microtome/domain/app-error';
import { type Pack, pack } from 'tar-stream';

/** The folder that unpacking makes. */
export const BUNDLE_DIR = 'microtome-worker';
const NODE_PLACE = 'bin/node';
const LIBRARY_DIR = 'lib';
/** Not part of glibc: a bare machine lacks them. */
const CARRIED_LIBRARIES = /\/(libstdc\+\+|libgcc_s)\.so/;
const EXECUTABLE_MODE = 0o755;
const FILE_MODE = 0o644;
/** Nothing here has a time of its own. */
const FIXED_TIME = new Date(0);
/** Machine code is most of it: on x64 a filter before the compressor takes a tenth off. */
const XZ_ARGUMENTS = [
  ...(process.arch === 'x64' ? ['--x86'] : []),
  '--lzma2=preset=9e,dict=128MiB',
  '--stdout',
];
const ZSTD_LEVEL = 19;
const ZSTD_WINDOW_LOG = 27;

type PackRequest = {
  repositoryDir: string;
  files: readonly string[];
  /** The program that the starter starts, within the repository. */
  program: string;
  /** What the bundle holds, for people. */
  readme: string;
  /** `.tar.xz`, the smallest (needs the program xz), `.tar.zst` or `.tar`. */
  out: string;
};

/** @throws AppError BAD_INPUT for an ending that names no packing */
export function checkEnding(out: string): void {
  if (!/\.tar(\.xz|\.zst)?$/.test(out))
    throw new AppError('BAD_INPUT', `'${basename(out)}' must end in .tar.xz, .tar.zst or .tar.`);
}

/**
 * Resolves with the size in bytes. Written under another name first: a bundle is whole or not there.
 * @throws AppError UNAVAILABLE when xz is not there
 */
export async function packWorker(request: PackRequest): Promise<number> {
  const { out } = request;
  const unfinished = `${out}.unfinished`;
  const archive = pack();
  try {
    const written = compress(archive, { out, unfinished });
    const added = addAll(archive, request);
    added.catch((error: Error) => archive.destroy(error));
    await Promise.all([added, written]);
    await rename(unfinished, out);
  } finally {
    await rm(unfinished, { force: true });
  }
  return (await stat(out)).size;
}

async function compress(
  archive: Pack,
  { out, unfinished }: { out: string; unfinished: string },
): Promise<void> {
  const file = createWriteStream(unfinished);
  if (out.endsWith('.tar.xz')) return compressByXz(archive, file);
  if (out.endsWith('.tar.zst')) {
    const { ZSTD_c_compressionLevel: level, ZSTD_c_windowLog: window } = constants;
    return pipeline(
      archive,
      createZstdCompress({ params: { [level]: ZSTD_LEVEL, [window]: ZSTD_WINDOW_LOG } }),
      file,
    );
  }
  return pipeline(archive, file);
}

async function compressByXz(archive: Pack, file: NodeJS.WritableStream): Promise<void> {
  const xz = spawn('xz', XZ_ARGUMENTS, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(xz, 'close').then(([code]) => {
    if (code !== 0) throw new AppError('UNAVAILABLE', `xz ended with code ${code}.`);
  });
  const missing = once(xz, 'error').then(([error]) => {
    throw new AppError(
      'UNAVAILABLE',
      `The program xz cannot be started (${error.message}): install it, or let FILE end in .tar.zst.`,
    );
  });
  missing.catch(() => undefined);
  await Promise.race([missing, Promise.all([pipeline(archive, xz.stdin), pipeline(xz.stdout, file), ended])]);
}

async function addAll(archive: Pack, { repositoryDir, files, program, readme }: PackRequest): Promise<void> {
  addText(archive, 'start', STARTER, EXECUTABLE_MODE);
  addText(archive, 'worker.mjs', `import './${program}';\n`);
  addText(archive, 'README.txt', readme);
  await addFile(archive, process.execPath, NODE_PLACE);
  for (const library of await findLibraries())
    await addFile(archive, library.path, `${LIBRARY_DIR}/${library.name}`);
  for (const file of files) await addFile(archive, join(repositoryDir, file), file);
  archive.finalize();
}

/** Started by a shell where there is one; README.txt says how without. */
const STARTER = `#!/bin/sh
dir=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
export LD_LIBRARY_PATH="$dir/${LIBRARY_DIR}\${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}"
exec "$dir/${NODE_PLACE}" "$dir/worker.mjs" "$@"
`;

/** Of the Node that runs this, which is the one that is packed. */
async function findLibraries(): Promise<{ name: string; path: string }[]> {
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  const carried = sharedObjects.filter((path) => CARRIED_LIBRARIES.test(path));
  return Promise.all(carried.map(async (path) => ({ name: basename(path), path: await realpath(path) })));
}

function addText(archive: Pack, name: string, text: string, mode = FILE_MODE): void {
  archive.entry({ name: `${BUNDLE_DIR}/${name}`, mode, mtime: FIXED_TIME }, text);
}

/** Links stay links: the workspaces find one another through them. */
async function addFile(archive: Pack, path: string, place: string): Promise<void> {
  const name = `${BUNDLE_DIR}/${place}`;
  const entry = await lstat(path);
  if (entry.isSymbolicLink()) {
    archive.entry({ name, type: 'symlink', linkname: await readlink(path), mtime: FIXED_TIME });
    return;
  }
  const mode = entry.mode & 0o100 ? EXECUTABLE_MODE : FILE_MODE;
  await pipeline(createReadStream(path), archive.entry({ name, size: entry.size, mode, mtime: FIXED_TIME }));
}
