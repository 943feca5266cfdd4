/**
 * `npm run kernel:build`: compiles the kernels, of augmentation, of dropout, of a training step and of the import's
 * statistics, to WebAssembly. They are kept under version control, about a kilobyte each, so that neither a worker nor an
 * import needs a compiler; `--check` fails where one is not what its source compiles to.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';
import { Command } from 'commander';
import { LARGEST_MEMORY_PAGES } from '../src/engine/onnx/step/kernel-limits.ts';

type Kernel = {
  source: string;
  compiled: string;
  /** Whether several threads see its memory. */
  sharesMemory?: boolean;
};

/** From the top of the repository. */
const KERNELS: readonly Kernel[] = [
  {
    source: 'workers/train/kernel/patch-kernel.ts',
    compiled: 'workers/train/src/batches/patch-kernel.wasm',
  },
  {
    source: 'workers/train/kernel/dropout-kernel.ts',
    compiled: 'workers/train/src/engine/dropout-kernel.wasm',
  },
  {
    source: 'workers/train/kernel/update-kernel.ts',
    compiled: 'workers/train/src/engine/onnx/step/update-kernel.wasm',
    sharesMemory: true,
  },
  {
    source: 'workers/train/kernel/max-pool-kernel.ts',
    compiled: 'workers/train/src/engine/onnx/step/max-pool-kernel.wasm',
    sharesMemory: true,
  },
  {
    source: 'packages/store/kernel/pixel-sums.ts',
    compiled: 'packages/store/src/import/pixels/pixel-sums.wasm',
  },
];
const repositoryDir = fileURLToPath(new URL('../../../', import.meta.url));

const options = new Command('kernel:build')
  .description('Compiles the kernels to WebAssembly.')
  .option('--check', 'fail where one is not what its source compiles to')
  .parse(process.argv)
  .opts<{ check?: true }>();

for (const kernel of KERNELS) {
  if (options.check) await check(kernel);
  else await compile(kernel, path.join(repositoryDir, kernel.compiled));
}

async function check(kernel: Kernel): Promise<void> {
  const { compiled } = kernel;
  const directory = await mkdtemp(path.join(os.tmpdir(), 'microtome-kernel-'));
  try {
    const fresh = path.join(directory, path.basename(compiled));
    await compile(kernel, fresh);
    if ((await readFile(fresh)).equals(await readFile(path.join(repositoryDir, compiled)))) return;
    console.error(`${compiled} is not what its source says: npm run kernel:build.`);
    process.exitCode = 1;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function compile({ source, sharesMemory = false }: Kernel, outFile: string): Promise<void> {
  const sharing = [
    '--sharedMemory',
    '--maximumMemory',
    String(LARGEST_MEMORY_PAGES),
    '--enable',
    'threads',
    '--enable',
    'bulk-memory',
  ];
  const sourceFile = path.join(repositoryDir, source);
  const baseDir = path.dirname(sourceFile);
  const { error, stderr } = await asc.main([
    path.basename(sourceFile),
    ...['--baseDir', baseDir, '--outFile', path.relative(baseDir, outFile)],
    ...['-O3', '--enable', 'simd', '--runtime', 'stub', '--importMemory', '--noAssert'],
    ...(sharesMemory ? sharing : []),
  ]);
  if (error) throw new Error(`${source} was not compiled: ${error.message}\n${stderr}`);
}
