/** Two models on the same exam, paired patch by patch: the statistics of a comparison of runs, on patients from elsewhere. */
import { AppError } from '@microtome/domain/app-error';
import { alignPatches } from '@microtome/domain/comparison/align-patches';
import { comparePaired } from '@microtome/domain/comparison/compare-paired';
import { type Judged, judgePairs } from '@microtome/domain/comparison/judge-pairs';
import { describeTestedPair, type TestedPair } from '@microtome/domain/comparison/paired-comparison';
import { NOTHING_SHARED } from '@microtome/domain/comparison/refuse-pair';
import {
  type ContextPair,
  describePairInContext,
  describeSilentPair,
  NO_SHARED_CONTEXT,
} from '@microtome/domain/context/context-pair';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { ExternalEvaluation } from '../../generated/prisma/client.ts';
import { type ComparedRun, listComparedRuns } from '../comparison/compared-runs.ts';
import { measureSidesInContext, type PairMeans } from '../comparison/measure-pair.ts';
import { getDataset } from '../dataset/datasets.ts';
import { readFromStore } from '../evaluation/scored-predictions.ts';
import type { Store } from '../store.ts';
import { getExternalEvaluation, loadExternalScored } from './external-predictions.ts';

export type ExternalComparison = Judged<TestedPair<ComparedRun>> & {
  /** The same on the patches that have a context in both, each run by the step that it froze at home. Takes as long once more. */
  readContext(): Promise<ContextPair<ComparedRun>>;
};

/** @throws AppError NOT_FOUND; BAD_INPUT for one evaluation twice, or for two of different exams */
export async function compareExternalEvaluations(
  store: Store,
  { idA, idB }: { idA: string; idB: string },
  means: PairMeans = {},
): Promise<ExternalComparison> {
  const { compare = comparePaired, source = readFromStore(store) } = means;
  if (idA === idB) throw new AppError('BAD_INPUT', 'The two are the same external evaluation.');
  const [a, b] = [await getExternalEvaluation(store, idA), await getExternalEvaluation(store, idB)];
  if (a.datasetId !== b.datasetId || a.taskId !== b.taskId || a.sites.join('\n') !== b.sites.join('\n')) {
    throw new AppError(
      'BAD_INPUT',
      'The two models were put to different tests: choose one dataset, task and sites.',
    );
  }
  const [runA, runB] = await listComparedRuns(store, [a.runId, b.runId]);
  const aligned = alignPatches(
    await loadExternalScored(store, a, source),
    await loadExternalScored(store, b, source),
  );
  if (!aligned || !runA || !runB) throw new AppError('BAD_INPUT', NOTHING_SHARED);
  const { patientKeys, ...columns } = aligned;
  const statistics = await compare({
    ...columns,
    thresholdA: a.threshold,
    thresholdB: b.threshold,
    draws: EVALUATION_DRAWS,
    seed: EVALUATION_SEED,
  });
  const patients = patientKeys.length;
  const counts = { patients, patientsB: patients, sharedPatients: patients };
  const { unit } = await getDataset(store, a.datasetId);
  const sides = { a: runA.row, b: runB.row, unit };
  const pair = describeTestedPair({ ...sides, counts }, { statistics, patientKeys });
  const describe = (exam: ExternalEvaluation) => ({
    ...exam,
    load: () => loadExternalScored(store, exam, source),
  });
  return {
    ...judgePairs([pair])[0]!,
    async readContext() {
      const asked = { a: describe(a), b: describe(b), content: `exams ${a.id} ${b.id}` };
      const measured = await measureSidesInContext(store, asked, means);
      const told = measured
        ? describePairInContext(sides, measured)
        : describeSilentPair(sides, NO_SHARED_CONTEXT);
      return judgePairs([told])[0]!;
    },
  };
}
