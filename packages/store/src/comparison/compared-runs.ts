/** The stored runs of a comparison, and what its rules need to know of each. */
import { AppError } from '@microtome/domain/app-error';
import type { PairableRun } from '@microtome/domain/comparison/choose-pairs';
import type { WarnedRun } from '@microtome/domain/comparison/comparison-warnings';
import type { PairableSide } from '@microtome/domain/comparison/refuse-pair';
import { judgeLearning, type LearningEvidence } from '@microtome/domain/evaluation/learning';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

const withFacts = {
  experiment: { select: { task: true, dataset: { select: { unit: true } } } },
  testOpening: true,
  split: true,
  artifacts: true,
} satisfies Prisma.RunInclude;

export type ComparedRun = OnSplit<Prisma.RunGetPayload<{ include: typeof withFacts }>>;

/** A run under comparison as its rules see it. */
export type JudgedRun = PairableRun & PairableSide & WarnedRun & { row: ComparedRun };

/** In the order of the ids. NOT_FOUND for an unknown run, BAD_INPUT for one without a split. */
export async function listComparedRuns(store: Store, runIds: readonly string[]): Promise<JudgedRun[]> {
  const { prisma } = store.database;
  const ids = [...runIds];
  const [rows, evaluations] = await Promise.all([
    prisma.run.findMany({ where: { id: { in: ids } }, include: withFacts }),
    prisma.evaluation.findMany({
      where: { runId: { in: ids }, subset: 'VALIDATION' },
      select: { runId: true, subset: true, metrics: true, intervals: true },
    }),
  ]);
  const byId = new Map(rows.map((run) => [run.id, run]));
  const validations = new Map(evaluations.map((evaluation) => [evaluation.runId, evaluation]));
  return ids.map((runId) => {
    const row = byId.get(runId);
    if (!row) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
    return describeRun(requireSplit(row), validations.get(runId) ?? null);
  });
}

function describeRun(row: ComparedRun, validation: Omit<LearningEvidence, 'unit'> | null): JudgedRun {
  const { id, name, status, datasetId, split, splitId, splitKind, threshold, backend, hyperparameters } = row;
  const { unit } = row.experiment.dataset;
  const isOpen = row.testOpening !== null;
  return {
    row,
    id,
    name,
    status,
    isOpen,
    datasetId,
    unit,
    task: row.experiment.task,
    split,
    splitId,
    splitKind,
    threshold,
    backend,
    hyperparameters,
    validationAuc: validation?.metrics.auc ?? null,
    learning: validation && judgeLearning({ ...validation, unit }),
  };
}
