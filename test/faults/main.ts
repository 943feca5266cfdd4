/**
 * `npm run faults -- [--minutes N] [--seed N]`: hurts the real platform in an order drawn from the seed and checks that
 * nothing is lost. Ends with status 1 when an invariant was broken. The page that it makes goes to docs/faults.md when
 * it ran for an hour or more, else to .microtome/faults.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { Command } from 'commander';
import { runMain } from '../../apps/cli/src/run-main.ts';
import { wholeNumber } from '../../apps/cli/src/typed-options.ts';
import { allFaults, nameFault } from './kinds/all-faults.ts';
import { formatFaultTable } from './report/fault-table.ts';
import { listBreaks } from './report/sitting-result.ts';
import { holdSitting } from './sitting.ts';

const FULL_MINUTES = 60;
const RUN_SEEDS = 3;

await runMain(async () => {
  const { minutes, seed, only, web, report, list } = parseOptions(process.argv);
  if (list) {
    for (const fault of allFaults) console.log(nameFault(fault));
    return;
  }
  const faults = allFaults.filter((fault) => !only || nameFault(fault).includes(only));
  if (faults.length === 0) throw new AppError('BAD_INPUT', `No fault is named "${only}". --list names them.`);
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      console.log(`${signal}: ending behind the present run`);
      stopping.abort();
    });
  }
  const result = await holdSitting({
    seed,
    minutes,
    runSeeds: only ? 1 : RUN_SEEDS,
    hasWeb: web,
    faults,
    signal: stopping.signal,
    print: (line) => console.log(line),
  });
  const page = formatFaultTable(result);
  await mkdir(dirname(report), { recursive: true });
  await writeFile(report, page);
  console.log(`\n${page}\nWritten to ${report}`);
  if (listBreaks(result).length > 0) process.exitCode = 1;
});

type Options = {
  minutes: number;
  seed: number;
  only?: string;
  web: boolean;
  report: string;
  list: boolean;
};

function parseOptions(argv: string[]): Options {
  const command = new Command('faults')
    .description('Hurts the real platform in an order drawn from a seed, and checks that nothing is lost.')
    .option('--minutes <n>', 'how long', wholeNumber(1), 10)
    .option('--seed <n>', 'of the order and of the runs (default: drawn)', wholeNumber(0))
    .option('--only <text>', 'only faults whose name holds this')
    .option('--web', 'with the dashboard, which is built first when it is stale', false)
    .option('--report <file>', 'where the page goes')
    .option('--list', 'name the faults and end', false)
    .allowExcessArguments(false);
  const options = command
    .parse(argv)
    .opts<Partial<Options> & { minutes: number; web: boolean; list: boolean }>();
  return {
    ...options,
    seed: options.seed ?? Math.floor(Date.now() / 1000) % 1_000_000,
    report: options.report ?? (options.minutes >= FULL_MINUTES ? 'docs/faults.md' : '.microtome/faults.md'),
  };
}
