/** Units as the page has them from the API, which gives the domain's words field by field. */
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { explainUnit, nameUnit, warnOfIntervals } from '@microtome/domain/unit/unit-words';
import type { UnitWords } from '../../apps/web/unit/unit-words.ts';

export const SLIDES = tell('SLIDE');
/** Of a dataset in which nothing binds patches together. */
export const UNKNOWN = tell('NONE');

function tell(kind: SplittingUnit): UnitWords {
  return { kind, ...nameUnit(kind), warning: explainUnit(kind), intervalWarning: warnOfIntervals(kind) };
}
