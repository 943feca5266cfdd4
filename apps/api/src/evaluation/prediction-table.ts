/** The predictions of a run as a table: one row per patch, VALIDATION first, and TEST once it is opened. */
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import type { SubsetPredictions } from '@microtome/store/evaluation/scored-predictions';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { ExportTable } from '../report/export-table.ts';

/** A dataset’s patches with what a task makes of them. */
export type LabelledDataset = { patches: SubsetPatches; placesFrom: number; sides: TaskSides };

/** Places count from `placesFrom`, as in the names of the dataset's files, so that the two can be joined. */
export function tabulatePredictions(
  found: readonly SubsetPredictions[],
  { patches, placesFrom, sides }: LabelledDataset,
): ExportTable {
  const total = found.reduce((sum, { patchIndexes }) => sum + patchIndexes.length, 0);
  const patientKeys = new Array<string>(total);
  const subsets = new Array<string>(total);
  const [x, y, labels] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  const probabilities = new Float64Array(total);
  let row = 0;
  for (const { subset, patchIndexes, probabilities: stored } of found) {
    probabilities.set(stored, row);
    for (const patch of patchIndexes) {
      patientKeys[row] = patches.patientKeys[patches.patients[patch] ?? 0] ?? '';
      subsets[row] = subset;
      x[row] = (patches.x[patch] ?? 0) + placesFrom;
      y[row] = (patches.y[patch] ?? 0) + placesFrom;
      labels[row] = labelClass(sides, patches.classes[patch] ?? -1) ?? 0;
      row++;
    }
  }
  return {
    columns: [
      { name: 'patient', type: 'STRING', values: patientKeys },
      { name: 'x', type: 'INT32', values: x },
      { name: 'y', type: 'INT32', values: y },
      { name: 'label', type: 'INT32', values: labels },
      { name: 'subset', type: 'STRING', values: subsets },
      { name: 'probability', type: 'DOUBLE', values: probabilities },
    ],
  };
}
