/** How far an import is, how fast it goes and how long it will take, reported at most four times a second. */
import type { ImportPhase } from '../database/column-words.ts';

export const PROGRESS_INTERVAL_MS = 250;
/** The rate is that of the last seconds, not of the whole time: a cold disk warms up, a laptop slows down. */
const RATE_WINDOW_MS = 5_000;

export type ImportProgress = {
  phase: ImportPhase;
  /** Files to decode, once they are known; those refused by name are not among them. */
  filesTotal: number;
  filesDone: number;
  /** All files refused so far, by name or by content. */
  filesRefused: number;
  /** Null until it is known. */
  filesPerSecond: number | null;
  secondsLeft: number | null;
};

export type ProgressMeter = {
  /** Always told at once. */
  enter(phase: ImportPhase, filesTotal: number, filesRefused: number): void;
  /** Told when the last report is long enough ago. */
  advance(filesDone: number, filesRefused: number): void;
};

/** A meter that tells `onProgress`; `now` is a clock in milliseconds. */
export function createProgressMeter({
  onProgress,
  now,
}: {
  onProgress: (progress: ImportProgress) => void;
  now: () => number;
}): ProgressMeter {
  let phase: ImportPhase = 'scanning';
  let [total, done, refused] = [0, 0, 0];
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let marks: { atMs: number; done: number }[] = [];

  function tell(atMs: number): void {
    toldAtMs = atMs;
    marks = [...marks.filter((mark) => atMs - mark.atMs <= RATE_WINDOW_MS), { atMs, done }];
    const filesPerSecond = measureRate(marks);
    const secondsLeft = filesPerSecond ? (total - done) / filesPerSecond : null;
    onProgress({
      phase,
      filesTotal: total,
      filesDone: done,
      filesRefused: refused,
      filesPerSecond,
      secondsLeft,
    });
  }

  return {
    enter(nextPhase, filesTotal, filesRefused) {
      if (nextPhase !== phase) marks = [];
      [phase, total, refused] = [nextPhase, filesTotal, filesRefused];
      tell(now());
    },
    advance(filesDone, filesRefused) {
      [done, refused] = [filesDone, filesRefused];
      const atMs = now();
      if (atMs - toldAtMs >= PROGRESS_INTERVAL_MS) tell(atMs);
    },
  };
}

function measureRate(marks: readonly { atMs: number; done: number }[]): number | null {
  const first = marks[0];
  const last = marks.at(-1);
  if (!first || !last || last.atMs <= first.atMs || last.done <= first.done) return null;
  return ((last.done - first.done) / (last.atMs - first.atMs)) * 1000;
}
