/**
 * `npm run fuzz -- [--inputs N] [--seed N] [--only TEXT]`: every fuzzing test with as many inputs as asked for. Ends with
 * status 1 when anything was found. The page that it makes goes to docs/fuzz.md when all of them had 10,000 inputs or
 * more, else to .microtome/fuzz.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Command } from 'commander';
import { startVitest, type TestCase } from 'vitest/node';
import { runMain } from '../../apps/cli/src/run-main.ts';
import { wholeNumber } from '../../apps/cli/src/typed-options.ts';
import { setFuzzing } from '../env.ts';
import { countFaults, type FuzzResult, formatFuzzPage } from './fuzz-page.ts';

const FULL_INPUTS = 10_000;

await runMain(async () => {
  const { inputs, seed, only, report } = parseOptions(process.argv);
  setFuzzing({ runs: inputs, seed });
  console.log(`Fuzzing: ${inputs} inputs for each target, seed ${seed}.`);
  const vitest = await startVitest([`test/fuzz/${only}`], { watch: false });
  const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const results = tests.flatMap(readResult);
  const failedModules = vitest.state
    .getTestModules()
    .flatMap((module) => module.errors().map(({ message }) => `${module.relativeModuleId}: ${message}`));
  const unhandled = vitest.state.getUnhandledErrors().map((error) => String((error as Error).message));
  await vitest.close();
  const fuzzing = { inputs, seed, results, strayErrors: [...failedModules, ...unhandled] };
  const page = formatFuzzPage(fuzzing);
  await mkdir(dirname(report), { recursive: true });
  await writeFile(report, page);
  console.log(`\n${page}\nWritten to ${report}`);
  if (countFaults(fuzzing) > 0 || results.length === 0) process.exitCode = 1;
});

/** Of a test that tells how many inputs it tried; one that draws nothing is a test like any other. */
function readResult(test: TestCase): FuzzResult[] {
  const { state, errors } = test.result();
  const { fuzzing } = test.meta();
  if (!fuzzing && state !== 'failed') return [];
  const [error] = errors ?? [];
  // What a property was told last is the cause of its failure.
  const cause = (error?.cause as { message?: string } | undefined)?.message;
  const fault = state === 'failed' ? (cause ?? error?.message ?? 'It failed.') : null;
  const seconds = (test.diagnostic()?.duration ?? 0) / 1000;
  return [{ target: test.fullName, record: fuzzing ?? { inputs: 0 }, seconds, fault }];
}

function parseOptions(argv: readonly string[]) {
  const options = new Command('npm run fuzz --')
    .option('--inputs <n>', 'how many inputs each target gets', wholeNumber(1), FULL_INPUTS)
    .option('--seed <n>', 'from which they are drawn', wholeNumber(0), 1)
    .option('--only <text>', 'only the files of test/fuzz whose name begins so', '')
    .option('--report <file>', 'where the page goes')
    .allowExcessArguments(false)
    .parse(argv)
    .opts<{ inputs: number; seed: number; only: string; report?: string }>();
  const isFull = options.inputs >= FULL_INPUTS && options.only === '';
  return { ...options, report: options.report ?? (isFull ? 'docs/fuzz.md' : '.microtome/fuzz.md') };
}
