/** Main file of a worker that reaches no platform: trains one job that was carried to this machine by hand. */
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { trainCarriedJob } from './train-carried-job.ts';

const program = new Command('worker')
  .description('Trains a job that was carried to this machine by hand; no network is needed.')
  .requiredOption('--job <file>', "what 'npm run export-job' wrote on the platform")
  .requiredOption('--out <folder>', 'where the result grows; started again with the same, it goes on')
  .allowExcessArguments(false);

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  });
}

try {
  program.parse();
  const { job, out } = program.opts<{ job: string; out: string }>();
  const ending = await trainCarriedJob({ jobFile: job, outDir: out, signal: stopping.signal });
  process.exit(ending === 'failed' ? 1 : 0);
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}
