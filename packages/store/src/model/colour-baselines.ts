/** The colour-baseline runs that the gate sets a run against: of the same split and task, trained to the end. */
import { COLOUR_BASELINE } from '@microtome/domain/promotion/promotion-gate';
import type { Store } from '../store.ts';

type ColourBaseline = { id: string; name: string; testSealed: boolean };

/** The best on VALIDATION first: the hardest to beat, chosen without looking at TEST. The run itself is left out. */
export async function listColourBaselines(
  store: Store,
  run: { id: string; splitId: string; taskId: string },
): Promise<ColourBaseline[]> {
  const found = await store.database.prisma.run.findMany({
    where: {
      splitId: run.splitId,
      experiment: { taskId: run.taskId },
      architecture: COLOUR_BASELINE,
      status: 'SUCCEEDED',
      id: { not: run.id },
    },
    orderBy: { finishedAt: 'desc' },
    select: {
      id: true,
      name: true,
      testOpening: { select: { runId: true } },
      evaluations: { where: { subset: 'VALIDATION' }, select: { metrics: true } },
    },
  });
  const ranked = found.map(({ id, name, testOpening, evaluations }) => ({
    baseline: { id, name, testSealed: testOpening === null },
    auc: evaluations[0]?.metrics.auc ?? Number.NEGATIVE_INFINITY,
  }));
  return ranked.toSorted((a, b) => b.auc - a.auc).map(({ baseline }) => baseline);
}

/**
 * The one whose TEST has to be opened beside that of a run, before the gate can set one against the other; null where one is open
 * already, where none is trained, for a run without a split or task, and for a baseline itself.
 */
export async function findBaselineToOpen(
  store: Store,
  run: { id: string; splitId: string | null; taskId: string | null; architecture: string },
): Promise<string | null> {
  const { id, splitId, taskId } = run;
  if (splitId === null || taskId === null || run.architecture === COLOUR_BASELINE) return null;
  const baselines = await listColourBaselines(store, { id, splitId, taskId });
  return baselines.every(({ testSealed }) => testSealed) ? (baselines[0]?.id ?? null) : null;
}
