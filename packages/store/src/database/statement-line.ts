/**
 * Statements that lists wait for, first come first served: as many at once as there are processors, because more of them only take turns,
 * and all are late. One that turns out to be long gives up its place while it goes on, so that nobody waits behind it.
 */
import { availableParallelism } from 'node:os';

const LONG_MS = 20;
const PLACES_MIN = 2;

export type StatementLine = { pass<Result>(act: () => Promise<Result>): Promise<Result> };

export function createStatementLine(
  places = Math.max(PLACES_MIN, availableParallelism()),
  longMs = LONG_MS,
): StatementLine {
  let free = places;
  const waiting: (() => void)[] = [];

  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  }

  return {
    async pass(act) {
      if (free > 0) free -= 1;
      else await new Promise<void>((enter) => waiting.push(enter));
      let isIn = true;
      const leaveOnce = () => {
        if (isIn) leave();
        isIn = false;
      };
      const timer = setTimeout(leaveOnce, longMs);
      try {
        return await act();
      } finally {
        clearTimeout(timer);
        leaveOnce();
      }
    },
  };
}
