/**
 * Whose turn it is at a worker: runs take hours, while checks of models, exams and slides take minutes. What takes minutes goes first, so that
 * it waits for one run at most; once it has taken as long as that run, a run has its turn. So neither starves the other, and
 * each has at least half of the worker while both wait.
 */

/** What takes minutes has at least this long before a run's turn comes, however short the last run was. */
const SHORT_TURN_MS = 10 * 60_000;

/** What a worker has spent. */
export type SpentTurns = {
  /** On the last run. */
  runMs: number;
  /** Since then, on what takes minutes. */
  shortMs: number;
};

export const NOTHING_SPENT: SpentTurns = { runMs: 0, shortMs: 0 };

/** Whether a run that waits comes before what takes minutes. */
export function isRunsTurn({ runMs, shortMs }: SpentTurns, shortTurnMs = SHORT_TURN_MS): boolean {
  return shortMs >= Math.max(shortTurnMs, runMs);
}
