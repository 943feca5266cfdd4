/** How often one token, session or stranger may ask: so many a minute, of which so many at once. Each process counts for itself. */
import { LRUCache } from 'lru-cache';

/** Who asked last is remembered; who is forgotten has not asked for long. */
const REMEMBERED = 10_000;
const MS_PER_MINUTE = 60_000;

type RateLimit = {
  /** Seconds to wait; 0 when this request may go on. */
  take(who: string): number;
};

export function createRateLimit(perMinute: number, nowMs = () => performance.now()): RateLimit {
  const left = new LRUCache<string, { requests: number; atMs: number }>({ max: REMEMBERED });
  return {
    take(who) {
      const atMs = nowMs();
      const known = left.get(who) ?? { requests: perMinute, atMs };
      const gained = ((atMs - known.atMs) * perMinute) / MS_PER_MINUTE;
      const requests = Math.min(perMinute, known.requests + gained);
      if (requests < 1) {
        left.set(who, { requests, atMs });
        return Math.ceil(((1 - requests) * MS_PER_MINUTE) / perMinute / 1000);
      }
      left.set(who, { requests: requests - 1, atMs });
      return 0;
    },
  };
}
