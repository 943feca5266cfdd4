/** Runs side by side. Statistics are paired, by patient, and only between runs whose TEST is open. */
import { AppError } from '@microtome/domain/app-error';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { listComparisonWarnings } from './comparison-warnings.ts';
import type { ApiContext } from './context.ts';
import { type PairedComparison, pairRuns } from './paired-comparison.ts';

const MAX_RUNS = 12;

export type ComparedRun = Prisma.RunGetPayload<{
  include: { testOpening: true; split: true; artifacts: true };
}>;

export type RunComparison = {
  runs: ComparedRun[];
  differences: { key: string; values: unknown[] }[];
  warnings: string[];
  pairs: PairedComparison[];
};

/** NOT_FOUND for an unknown run, BAD_INPUT unless there are 2 to 12 different ones. */
export async function compareRuns(context: ApiContext, runIds: readonly string[]): Promise<RunComparison> {
  const distinct = [...new Set(runIds)];
  if (distinct.length < 2 || distinct.length > MAX_RUNS) {
    throw new AppError('BAD_INPUT', `Compare 2 to ${MAX_RUNS} different runs, not ${distinct.length}.`);
  }
  const rows = await context.store.database.prisma.run.findMany({
    where: { id: { in: distinct } },
    include: { testOpening: true, split: true, artifacts: true },
  });
  const runs = distinct.map((runId) => {
    const run = rows.find(({ id }) => id === runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
    return run;
  });
  const pairs: PairedComparison[] = [];
  for (const [position, a] of runs.entries()) {
    for (const b of runs.slice(position + 1)) pairs.push(await pairRuns(context, { a, b }));
  }
  return { runs, differences: listDifferences(runs), warnings: listComparisonWarnings(runs), pairs };
}

/** Knobs in the order of the first run; values are compared as JSON. */
function listDifferences(runs: readonly ComparedRun[]): RunComparison['differences'] {
  const sets = runs.map(({ hyperparameters }) => hyperparameters as Record<string, unknown>);
  const keys = new Set(sets.flatMap((set) => Object.keys(set)));
  return [...keys]
    .map((key) => ({ key, values: sets.map((set) => set[key] ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
