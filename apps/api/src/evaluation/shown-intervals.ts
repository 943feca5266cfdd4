/**
 * The intervals that a report gives next to an evaluation's figures: those by the dataset's unit, and where nothing binds
 * patches together those that treat them as independent. A report that gives the latter says so.
 */
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { hasUnits } from '@microtome/domain/unit/unit-words';
import type { EvaluationPicture } from './evaluation-picture.ts';

type Shown = {
  row: { intervals: Readonly<Record<string, Interval>> };
  picture: Pick<EvaluationPicture, 'intervalsByPatch'> | null;
};

/** By metric; one without an interval is left out. */
export function listShownIntervals(
  { row, picture }: Shown,
  unit: SplittingUnit,
): Readonly<Record<string, Interval | undefined>> {
  return hasUnits(unit) ? row.intervals : { ...picture?.intervalsByPatch };
}
