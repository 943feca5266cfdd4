/** One announcement on its way to one receiver: where it stands, and how long to wait after an attempt that failed. */
export const DELIVERY_STATUSES = ['PENDING', 'DELIVERED', 'FAILED'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
/** After the first attempt, the second and so on: ten attempts over about a day. */
const WAITS_MS = [
  5 * SECOND_MS,
  30 * SECOND_MS,
  2 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
];

/** A receiver that asks for a longer wait has given up on this message. */
const ASKED_WAIT_MAX_MS = 24 * HOUR_MS;
/** So that those who failed together do not come again together. */
const JITTER = 0.25;

type Retry = {
  /** Failed so far. */
  attempts: number;
  /** Drawn from 0 to 1: how much of the jitter is added. */
  share: number;
  /** What the receiver asked for; null when it did not. */
  askedMs: number | null;
};

/** Never earlier than the receiver asked for. */
export function waitBeforeRetryMs({ attempts, share, askedMs }: Retry): number {
  const own = WAITS_MS[Math.min(attempts, WAITS_MS.length) - 1] ?? 0;
  const asked = Math.min(Math.max(askedMs ?? 0, 0), ASKED_WAIT_MAX_MS);
  return Math.round(Math.max(own, asked) * (1 + JITTER * share));
}

/** The header `Retry-After`: seconds, or a time of HTTP; null for anything else. */
export function readRetryAfterMs(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  if (/^\s*\d{1,10}\s*$/.test(header)) return Number(header) * SECOND_MS;
  // Only a time that names its day is one: what else a clock would read is no header.
  const atMs = /^[A-Z][a-z]+, /.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
