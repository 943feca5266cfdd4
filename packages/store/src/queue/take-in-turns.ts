/**
 * Takes what waits for a worker in turns: runs against all that takes minutes by the time that each has had, and the kinds of
 * what takes minutes one after the other. What fails has had its turn.
 */
import { isRunsTurn, NOTHING_SPENT, type SpentTurns } from '@microtome/domain/run/work-turns';

/** Does one thing of its kind that waits; false when there is none. */
export type TakeWork = (signal: AbortSignal) => Promise<boolean>;

type Kinds = {
  run: TakeWork;
  short: readonly TakeWork[];
  /** SHORT_TURN_MS when left out. */
  shortTurnMs?: number | undefined;
};

export function takeInTurns({ run, short, shortTurnMs }: Kinds): TakeWork {
  let spent: SpentTurns = NOTHING_SPENT;
  let next = 0;
  const takeShort: TakeWork = async (signal) => {
    for (let tried = 0; tried < short.length; tried++) {
      const take = short[next % short.length]!;
      next += 1;
      const startMs = performance.now();
      try {
        if (!(await take(signal))) continue;
      } catch (error) {
        // One that fails each time would keep the runs waiting for ever.
        spent = { ...spent, shortMs: Number.POSITIVE_INFINITY };
        throw error;
      }
      spent = { ...spent, shortMs: spent.shortMs + performance.now() - startMs };
      return true;
    }
    return false;
  };
  const takeRun: TakeWork = async (signal) => {
    const startMs = performance.now();
    let isTaken = true;
    try {
      isTaken = await run(signal);
    } finally {
      if (isTaken) spent = { runMs: performance.now() - startMs, shortMs: 0 };
    }
    return isTaken;
  };
  return async (signal) => {
    const [first, second] = isRunsTurn(spent, shortTurnMs) ? [takeRun, takeShort] : [takeShort, takeRun];
    return (await first(signal)) || second(signal);
  };
}
