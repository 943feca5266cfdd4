/** The last runs that were compared, as measured: a reference is in one pair with each of many others. */
import { createHash } from 'node:crypto';
import { measureSide, type PairSide, type SideRequest } from '@microtome/domain/comparison/compare-paired';

/** Each takes up to 3 MB. A page alternates between a reference and the others, so few are enough. */
const REMEMBERED_SIDES = 4;

const sides = new Map<string, PairSide>();

/** By a hash of all that goes into it. */
export function measureRemembered(request: SideRequest): PairSide {
  const key = hashSide(request);
  const side = sides.get(key) ?? measureSide(request);
  // Moved to the end: the first entry is the one that was not asked for longest.
  sides.delete(key);
  sides.set(key, side);
  const [oldest] = sides.keys();
  if (sides.size > REMEMBERED_SIDES && oldest !== undefined) sides.delete(oldest);
  return side;
}

function hashSide({ scored, ...numbers }: SideRequest): string {
  const hash = createHash('sha256').update(JSON.stringify(numbers));
  const { probabilities, labels, patients } = scored;
  for (const column of [probabilities, labels, patients]) hash.update(`${column.length}:`).update(column);
  return hash.digest('hex');
}
