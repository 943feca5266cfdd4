/**
 * `npm run kernel:build`: compiles the kernel of augmentation to WebAssembly. The half kilobyte is kept under version
 * control, so that a worker needs no compiler; `--check` fails where it is not what the source compiles to.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const sourceFile = fileURLToPath(new URL('patch-kernel.ts', import.meta.url));
const compiledFile = fileURLToPath(new URL('../src/batches/patch-kernel.wasm', import.meta.url));

if (process.argv.includes('--check')) await check();
else await compile(compiledFile);

async function check(): Promise<void> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'microtome-kernel-'));
  try {
    const fresh = path.join(directory, 'patch-kernel.wasm');
    await compile(fresh);
    if ((await readFile(fresh)).equals(await readFile(compiledFile))) return;
    console.error(
      'workers/train/src/batches/patch-kernel.wasm is not what its source says: npm run kernel:build.',
    );
    process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compile(outFile: string): Promise<void> {
  const { error, stderr } = await asc.main([
    path.basename(sourceFile),
    ...['--baseDir', path.dirname(sourceFile), '--outFile', path.relative(path.dirname(sourceFile), outFile)],
    ...['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'],
  ]);
  if (error) throw new Error(`The kernel was not compiled: ${error.message}\n${stderr}`);
}
