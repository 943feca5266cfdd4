/**
 * Main file of `npm run bundle`: the worker with all that it loads, Node included, as one file for a machine without a
 * network. It runs on machines of this platform (Linux x64 and the like) that have nothing but glibc.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { BUNDLE_DIR, checkEnding, packWorker } from './pack-worker.ts';
import { type BundleContent, CARRIED_PROGRAM, traceWorkerFiles, WORKER_PROGRAM } from './trace-files.ts';

const MEGABYTE = 1e6;
const repositoryDir = fileURLToPath(new URL('../../../', import.meta.url));

try {
  await main();
} catch (error) {
  console.error(error instanceof AppError ? error.message : error);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const options = new Command('bundle')
    .description('Packs a worker for a machine without a network into one file')
    .requiredOption(
      '--out <file>',
      'where it goes; its ending says how it is packed: .tar.xz, .tar.zst or .tar',
    )
    .option('--webgpu', 'with the backend for GPUs by WebGPU', false)
    .option('--slides', 'with what analyses slides for a platform; about 7 MB more', false)
    .option('--without-web', 'without what reaches a platform: it trains carried jobs alone')
    .allowExcessArguments(false)
    .parse()
    .opts<{ out: string; webgpu: boolean; slides: boolean; withoutWeb?: boolean }>();
  const out = resolve(options.out);
  checkEnding(out);
  const content = {
    hasWebgpu: options.webgpu,
    reachesPlatform: !options.withoutWeb,
    readsSlides: options.slides,
  };
  if (content.readsSlides && !content.reachesPlatform) {
    throw new AppError(
      'BAD_INPUT',
      'Slides are analysed for a platform: leave out --slides or --without-web.',
    );
  }
  const { files, bytes } = await traceWorkerFiles(repositoryDir, content);
  console.log(`· ${files.length} files, ${(bytes / MEGABYTE).toFixed(1)} MB, and Node ${process.version}`);
  console.log('· Packing; this takes a minute or two');
  const program = content.reachesPlatform ? WORKER_PROGRAM : CARRIED_PROGRAM;
  const size = await packWorker({ repositoryDir, files, program, readme: describeBundle(content), out });
  console.log(
    `· ${out}: ${(size / MEGABYTE).toFixed(1)} MB. Unpack it anywhere and start ${BUNDLE_DIR}/start`,
  );
}

function describeBundle({ hasWebgpu, reachesPlatform, readsSlides }: BundleContent): string {
  const glibc = (process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } }).header
    .glibcVersionRuntime;
  return [
    `A worker of Microtome for ${process.platform} ${process.arch}, with Node ${process.version}.`,
    `Backends: onnx (any processor)${hasWebgpu ? ', webgpu (GPUs with a Vulkan driver)' : ''}.`,
    `Needs glibc, and /dev and /proc as every machine has them. Made on glibc ${glibc}; an older one may do.`,
    '',
    "To train a job that was carried here ('npm run export-job' writes it on the platform):",
    '  ./start --job FILE --out FOLDER',
    "The same command goes on with it if it was stopped. Carry FOLDER back: 'npm run import-result -- FOLDER'.",
    ...(reachesPlatform
      ? [
          '',
          'To train for a platform that this machine reaches:',
          '  DATABASE_URL=postgresql://… ARTIFACT_URL=s3://… ./start',
          readsSlides ? 'It analyses slides, too.' : 'Analyses of slides it leaves to other workers.',
        ]
      : []),
    '',
    'On a machine without a shell, in this folder:',
    '  LD_LIBRARY_PATH=lib bin/node worker.mjs …',
    '',
  ].join('\n');
}
