/** Runs side by side. Statistics are paired, by patient, and only between runs whose TEST is open. */
import { AppError } from '@microtome/domain/app-error';
import type { Prisma } from '@microtome/store/generated/prisma/client';
import { mapInOrder } from '@microtome/store/map-in-order';
import { adjustAcrossPairs } from './adjust-pairs.ts';
import { choosePairs } from './choose-pairs.ts';
import { listComparisonWarnings } from './comparison-warnings.ts';
import { type PairedComparison, type PairServices, pairRuns } from './paired-comparison.ts';
import { listTestPatients } from './test-patients.ts';

export const MAX_COMPARED_RUNS = 200;
/** Each costs up to a second or two of the background thread when it is asked for first. */
export const MAX_TESTED_PAIRS = 20;

export type ComparedRun = Prisma.RunGetPayload<{
  include: { testOpening: true; split: true; artifacts: true };
}>;

export type RunComparison = {
  runs: ComparedRun[];
  differences: { key: string; values: unknown[] }[];
  warnings: string[];
  reference: ComparedRun | null;
  pairing: string;
  /** Takes seconds when asked for first, so whoever wants the rest alone does not wait for it. */
  listPairs(): Promise<PairedComparison[]>;
};

export type CompareRequest = {
  runIds: readonly string[];
  /** Tests each run against this one; without it every pair of up to 4 runs, else against the best on VALIDATION. */
  referenceId: string | null;
  /** Pairs runs whose TEST patients differ on those that they share. */
  sharedPatientsOnly: boolean;
};

/** NOT_FOUND for an unknown run, BAD_INPUT unless there are 2 to 200 different ones and the reference is one of them. */
export async function compareRuns(services: PairServices, request: CompareRequest): Promise<RunComparison> {
  const { referenceId, sharedPatientsOnly } = request;
  const runIds = [...new Set(request.runIds)];
  if (runIds.length < 2 || runIds.length > MAX_COMPARED_RUNS) {
    throw new AppError(
      'BAD_INPUT',
      `Compare 2 to ${MAX_COMPARED_RUNS} different runs, not ${runIds.length}.`,
    );
  }
  if (referenceId !== null && !runIds.includes(referenceId)) {
    throw new AppError('BAD_INPUT', `The reference '${referenceId}' is not among the compared runs.`);
  }
  const runs = await loadRuns(services, runIds);
  const choice = choosePairs({ runs: await rankRuns(services, runs), referenceId });
  const testPatients = await listTestPatients(
    services.store,
    runs.map(({ splitId }) => splitId),
  );
  const listPairs = async () => {
    let tested = 0;
    const isWithinLimit = () => ++tested <= MAX_TESTED_PAIRS;
    const work = ({ a, b }: (typeof choice.pairs)[number]) =>
      pairRuns(services, { a: a.run, b: b.run, testPatients, sharedPatientsOnly, isWithinLimit });
    // The predictions of the next pair are read while the background thread is at this one.
    const pairs: PairedComparison[] = [];
    for await (const pair of mapInOrder(choice.pairs, { inFlightMax: 2, work })) pairs.push(pair);
    return adjustAcrossPairs(pairs);
  };
  return {
    runs,
    differences: listDifferences(runs),
    warnings: listComparisonWarnings(runs),
    reference: choice.reference?.run ?? null,
    pairing:
      choice.pairs.length > MAX_TESTED_PAIRS
        ? `${choice.sentence} At most ${MAX_TESTED_PAIRS} of them are computed at once.`
        : choice.sentence,
    listPairs,
  };
}

async function loadRuns({ store }: PairServices, runIds: readonly string[]): Promise<ComparedRun[]> {
  const rows = await store.database.prisma.run.findMany({
    where: { id: { in: [...runIds] } },
    include: { testOpening: true, split: true, artifacts: true },
  });
  const byId = new Map(rows.map((run) => [run.id, run]));
  return runIds.map((runId) => {
    const run = byId.get(runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
    return run;
  });
}

async function rankRuns({ store }: PairServices, runs: readonly ComparedRun[]) {
  const evaluations = await store.database.prisma.evaluation.findMany({
    where: { runId: { in: runs.map(({ id }) => id) }, subset: 'VALIDATION' },
    select: { runId: true, metrics: true },
  });
  const aucs = new Map(evaluations.map(({ runId, metrics }) => [runId, metrics.auc]));
  return runs.map((run) => ({
    run,
    id: run.id,
    name: run.name,
    isOpen: run.testOpening !== null,
    validationAuc: aucs.get(run.id) ?? null,
  }));
}

/** Knobs in the order of the first run; values are compared as JSON. */
function listDifferences(runs: readonly ComparedRun[]): RunComparison['differences'] {
  const sets = runs.map(({ hyperparameters }): Record<string, unknown> => hyperparameters);
  const keys = new Set(sets.flatMap((set) => Object.keys(set)));
  return [...keys]
    .map((key) => ({ key, values: sets.map((set) => set[key] ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
