/**
 * `npm run fuzz -- [--inputs N] [--seed N] [--only TEXT]`: every fuzzing test with as many inputs as asked for, and a table
 * of what they found. Ends with status 1 when anything was found.
 */
import { Command } from 'commander';
import { startVitest, type TestCase } from 'vitest/node';
import { runMain } from '../../apps/cli/src/run-main.ts';
import { wholeNumber } from '../../apps/cli/src/typed-options.ts';
import { setFuzzing } from '../env.ts';

type Row = { target: string; inputs: number; internal: number; crashes: number; seconds: number };

await runMain(async () => {
  const { inputs, seed, only } = parseOptions(process.argv);
  setFuzzing({ runs: inputs, seed });
  console.log(`Fuzzing: ${inputs} inputs for each target, seed ${seed}.`);
  const vitest = await startVitest([`test/fuzz/${only}`], { watch: false, maxWorkers: 1 });
  const tests = vitest.state.getTestModules().flatMap((module) => [...module.children.allTests()]);
  const rows = tests.filter((test) => test.meta().fuzzedInputs !== undefined).map(judge);
  await vitest.close();
  console.table(rows);
  const stray = vitest.state.getUnhandledErrors().length;
  const found = stray + rows.reduce((sum, { internal, crashes }) => sum + internal + crashes, 0);
  console.log(
    `Seed ${seed}: ${rows.reduce((sum, row) => sum + row.inputs, 0)} inputs, ${found} faults, of which ${stray} outside any test.`,
  );
  if (found > 0 || rows.length === 0) process.exitCode = 1;
});

/** A test ends at the first fault that it finds. */
function judge(test: TestCase): Row {
  const { state, errors } = test.result();
  const isInternal = errors?.some(({ message }) => message.includes('INTERNAL')) ?? false;
  return {
    target: test.fullName,
    inputs: test.meta().fuzzedInputs ?? 0,
    internal: state === 'failed' && isInternal ? 1 : 0,
    crashes: state === 'failed' && !isInternal ? 1 : 0,
    seconds: Math.round((test.diagnostic()?.duration ?? 0) / 1000),
  };
}

function parseOptions(argv: readonly string[]) {
  return new Command('npm run fuzz --')
    .option('--inputs <n>', 'how many inputs each target gets', wholeNumber(1), 10_000)
    .option('--seed <n>', 'from which they are drawn', wholeNumber(0), 1)
    .option('--only <text>', 'only the files of test/fuzz whose name begins so', '')
    .parse(argv)
    .opts<{ inputs: number; seed: number; only: string }>();
}
