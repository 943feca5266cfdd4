/**
 * When a file was stored, to the millisecond. The clock of the file system or bucket decides: every process that stores
 * and deletes sees that one, whatever its own says. It tells steps only (up to 10 ms, or whole seconds), so one stored again
 * right after a row named it would look older than the row, and be deleted with it. Our own clock tells the rest of the step.
 */

/**
 * Of two clocks that disagree by more than a step, ours is wrong: then the file counts as stored at the step's end, since a young
 * file is kept. Ours may be behind by less, because it and the stamp are rounded to milliseconds in different ways.
 */
export function refineStoredAt({
  stampedAt,
  ownTimeMs,
  stepMs,
}: {
  stampedAt: Date;
  ownTimeMs: number;
  stepMs: number;
}): Date {
  const startMs = stampedAt.getTime();
  const agree = Math.abs(ownTimeMs - startMs) <= stepMs;
  return new Date(agree ? Math.max(ownTimeMs, startMs) : startMs + stepMs);
}
