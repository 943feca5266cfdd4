/** The pooled predictions of an opened cross-validation as a table: one row per patch of every fold's TEST. */
import type { FoldOfSweep } from '@microtome/store/sweep/fold-predictions';
import type { ExportTable } from '../report/export-table.ts';
import { type LabelledDataset, tabulatePredictions } from './prediction-table.ts';

/** Folds count from 1. The probability is calibrated on the fold's VALIDATION, its threshold was chosen there. */
export function tabulateOutOfFold(folds: readonly FoldOfSweep[], dataset: LabelledDataset): ExportTable {
  const predictions = folds.map(({ scored, patches: { indexes } }) => {
    return { subset: 'TEST' as const, patchIndexes: indexes, probabilities: scored.probabilities };
  });
  const { columns } = tabulatePredictions(predictions, dataset);
  const ofEach = (read: (fold: FoldOfSweep, number: number, position: number) => number) =>
    folds.flatMap((fold, at) =>
      Array.from(fold.patches.indexes, (_, position) => read(fold, at + 1, position)),
    );
  const called = ofEach(({ scored, threshold }, _, position) =>
    Number((scored.probabilities[position] ?? Number.NaN) >= threshold),
  );
  return {
    columns: [
      ...columns.filter(({ name }) => name !== 'subset'),
      { name: 'fold', type: 'INT32', values: Int32Array.from(ofEach((_, number) => number)) },
      { name: 'threshold', type: 'DOUBLE', values: Float64Array.from(ofEach((fold) => fold.threshold)) },
      { name: 'called', type: 'INT32', values: Int32Array.from(called) },
    ],
  };
}
