/** The predictions of a run as a table: one row per patch, VALIDATION first, and TEST once it is opened. */

import { CONTEXT_COLUMN, type PatchesInContext } from '@microtome/domain/context/context-step';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import type { Predictions } from '@microtome/store/evaluation/predictions';
import type { SubsetPatches } from '@microtome/store/split/subset-patches';
import type { ExportTable } from '../report/export-table.ts';

/** In place of a coordinate that the source does not tell. */
const NO_PLACE = -1;

/** A dataset’s patches with what a task makes of them. */
export type LabelledDataset = { patches: SubsetPatches; placesFrom: number; sides: TaskSides };

/** Predictions under the word of their rows: a side of the run’s split, or EXTERNAL. */
type TabulatedPredictions = Predictions & {
  subset: string;
  /** By position; null where there is nothing to say, left out where the table has no such column. */
  inContext?: PatchesInContext | null;
};

/**
 * Places count from `placesFrom`, as in the names of the dataset's files, so that the two can be joined. The probability in
 * context stands beside the patch's own.
 */
export function tabulatePredictions(
  found: readonly TabulatedPredictions[],
  { patches, placesFrom, sides }: LabelledDataset,
): ExportTable {
  const total = found.reduce((sum, { patchIndexes }) => sum + patchIndexes.length, 0);
  const patientKeys = new Array<string>(total);
  const subsets = new Array<string>(total);
  const [x, y, labels] = [new Int32Array(total), new Int32Array(total), new Int32Array(total)];
  const probabilities = new Float64Array(total);
  const inContext = new Array<number | null>(total).fill(null);
  const hasContext = found.some((predictions) => predictions.inContext !== undefined);
  let row = 0;
  for (const { subset, patchIndexes, probabilities: stored, inContext: put } of found) {
    probabilities.set(stored, row);
    put?.patches.forEach((position, at) => {
      inContext[row + position] = put.probabilities[at]!;
    });
    for (const patch of patchIndexes) {
      patientKeys[row] = patches.patientKeys[patches.patients[patch] ?? 0] ?? '';
      subsets[row] = subset;
      x[row] = tellPlace(patches.x[patch], placesFrom);
      y[row] = tellPlace(patches.y[patch], placesFrom);
      labels[row] = labelClass(sides, patches.classes[patch] ?? -1) ?? 0;
      row++;
    }
  }
  return {
    columns: [
      { name: 'patient', type: 'STRING', values: patientKeys },
      place('x', x),
      place('y', y),
      { name: 'label', type: 'INT32', values: labels },
      { name: 'subset', type: 'STRING', values: subsets },
      { name: 'probability', type: 'DOUBLE', values: probabilities },
      ...(hasContext ? [{ name: CONTEXT_COLUMN, type: 'DOUBLE', values: inContext } as const] : []),
    ],
  };
}

function tellPlace(stored: number | undefined, placesFrom: number): number {
  return stored === undefined || stored < 0 ? NO_PLACE : stored + placesFrom;
}

/** Empty cells where the source tells no place. */
function place(name: string, values: Int32Array): ExportTable['columns'][number] {
  if (!values.includes(NO_PLACE)) return { name, type: 'INT32', values };
  return { name, type: 'DOUBLE', values: Array.from(values, (value) => (value === NO_PLACE ? null : value)) };
}
