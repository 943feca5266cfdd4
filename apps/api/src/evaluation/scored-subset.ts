/** The readable predictions of a run on one subset, as the statistics take them. */
import { AppError } from '@microtome/domain/app-error';
import type { Scored } from '@microtome/domain/metrics/scored';
import type { Subset } from '@microtome/domain/split/subset';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { PredictionServices } from './run-predictions.ts';

export type ScoredSubset = {
  scored: Scored;
  /** Key of each dense patient index of `scored`. */
  patientKeys: string[];
  /** Number of each scored patch within the data set. */
  patchIndexes: Int32Array;
};

/** SEALED when it may not be read, NOT_FOUND when there is nothing to read. */
export async function loadScoredSubset(
  { store, predictions }: PredictionServices,
  { runId, subset }: { runId: string; subset: Subset },
): Promise<ScoredSubset> {
  const run = await store.database.prisma.run.findUnique({ where: { id: runId } });
  if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  const found = (await predictions.listPredictions(runId)).find((one) => one.subset === subset);
  if (!found && subset === 'TEST' && run.status === 'SUCCEEDED') {
    throw new AppError('SEALED', `TEST of run '${run.name}' is sealed: open it first.`);
  }
  if (!found) throw new AppError('NOT_FOUND', `Run '${run.name}' has no predictions of ${subset}.`);
  const patches = await predictions.listPatches(run.datasetId);
  return { ...labelPatches(found, patches), patchIndexes: found.patchIndexes };
}

/** Patients are numbered anew without gaps, in the order of their keys. */
function labelPatches(
  { patchIndexes, probabilities }: { patchIndexes: Int32Array; probabilities: Float64Array },
  patches: SubsetPatches,
): { scored: Scored; patientKeys: string[] } {
  const patientsOfDataset = Array.from(patchIndexes, (index) => patches.patients[index] ?? 0);
  const present = [...new Set(patientsOfDataset)].sort((a, b) => a - b);
  const numbers = new Map(present.map((patient, number) => [patient, number]));
  return {
    scored: {
      probabilities,
      labels: Uint8Array.from(patchIndexes, (index) => patches.labels[index] ?? 0),
      patients: Int32Array.from(patientsOfDataset, (patient) => numbers.get(patient) ?? 0),
    },
    patientKeys: present.map((patient) => patches.patientKeys[patient] ?? ''),
  };
}
