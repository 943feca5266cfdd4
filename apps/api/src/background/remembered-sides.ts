/** The measurements of the runs compared last: one reference is paired with many others. */
import { createHash } from 'node:crypto';
import { measureSide, type PairSide, type SideRequest } from '@microtome/domain/comparison/compare-paired';
import { LRUCache } from 'lru-cache';

/** Each takes up to 3 MB. A page alternates between a reference and the others, so few are enough. */
const REMEMBERED_SIDES = 4;

const sides = new LRUCache<string, PairSide, SideRequest>({
  max: REMEMBERED_SIDES,
  memoMethod: (_key, _old, { context: request }) => measureSide(request),
});

/** Keyed by a hash of all that goes into it. */
export function measureRemembered(request: SideRequest): PairSide {
  return sides.memo(hashSide(request), { context: request });
}

function hashSide({ scored, ...numbers }: SideRequest): string {
  const hash = createHash('sha256').update(JSON.stringify(numbers));
  const { probabilities, labels, patients } = scored;
  for (const column of [probabilities, labels, patients]) hash.update(`${column.length}:`).update(column);
  return hash.digest('hex');
}
