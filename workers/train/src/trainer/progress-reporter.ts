/** Batch progress on its way out: at most four a second, whatever the speed of the steps. */
import type { TrainerProgress } from '../protocol/trainer-messages.ts';

const PROGRESS_INTERVAL_MS = 250;

/** Drops what comes too soon after the one before: the next is never far away. */
export function createProgressReporter(
  send: (progress: TrainerProgress) => void,
  readClockMs: () => number = () => performance.now(),
): (progress: TrainerProgress) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const nowMs = readClockMs();
    if (nowMs - lastMs < PROGRESS_INTERVAL_MS) return;
    lastMs = nowMs;
    send(progress);
  };
}
