/**
 * Who records a series of numbers of a run: the worker that trains it, or an external program. The worker's names are its
 * own: those with a side in front (`validation.auc`), and what it reports of training and machine (`learningRate`).
 * Rankings of runs read only the worker's series.
 */
import { METRICS } from '../metrics/metric.ts';
import { SUBSETS } from '../split/subset.ts';

export const SERIES_OWNERS = ['WORKER', 'EXTERNAL'] as const;
export type SeriesOwner = (typeof SERIES_OWNERS)[number];

/** TEST is reserved too: the worker records none of it, and no other series may look as if it did. */
const SIDES = SUBSETS.map((subset) => `${subset.toLowerCase()}.`);
const REPORTED = new Set(
  METRICS.filter(({ group }) => group === 'TRAINING' || group === 'MACHINE').map(({ name }) => name),
);

/** Whether only a worker may record a series of this name. */
export function isWorkerSeries(name: string): boolean {
  return REPORTED.has(name) || SIDES.some((side) => name.startsWith(side));
}
