/** In what named runs differ: where they come from, what they were asked to do, and what trained them. */
import { AppError } from '@microtome/domain/app-error';
import { listHyperparameterDifferences } from '@microtome/domain/comparison/hyperparameter-differences';
import type { Store } from '../store.ts';

export const DIFFERENCE_KINDS = ['ORIGIN', 'HYPERPARAMETER', 'MACHINE'] as const;
export type RunDifference = {
  kind: (typeof DIFFERENCE_KINDS)[number];
  key: string;
  /** In the order of the runs; null where a run has none. */
  values: unknown[];
};

/** NOT_FOUND when one of them is not there. */
export async function listRunDifferences(store: Store, runIds: readonly string[]): Promise<RunDifference[]> {
  const found = await store.database.prisma.run.findMany({
    where: { id: { in: [...runIds] } },
    select: {
      id: true,
      origin: true,
      hyperparameters: true,
      backend: true,
      device: true,
      versions: true,
      split: { select: { name: true } },
      sweep: { select: { name: true } },
      experiment: {
        select: { name: true, task: { select: { name: true } }, dataset: { select: { name: true } } },
      },
    },
  });
  const byId = new Map(found.map((run) => [run.id, run]));
  const runs = runIds.map((runId) => {
    const run = byId.get(runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
    return run;
  });
  const list = (kind: RunDifference['kind'], sets: readonly Readonly<Record<string, unknown>>[]) =>
    listHyperparameterDifferences(sets).map((difference) => ({ kind, ...difference }));
  return [
    ...list(
      'ORIGIN',
      runs.map(({ experiment, split, sweep }) => ({
        dataset: experiment.dataset?.name ?? null,
        task: experiment.task?.name ?? null,
        experiment: experiment.name,
        split: split?.name ?? null,
        sweep: sweep?.name ?? null,
      })),
    ),
    ...list(
      'HYPERPARAMETER',
      runs.map(({ hyperparameters }) => hyperparameters),
    ),
    ...list(
      'MACHINE',
      runs.map(({ backend, device, versions }) => ({ backend, device, ...versions })),
    ),
  ];
}
