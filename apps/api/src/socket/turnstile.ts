/** Lets acts in one after the other, in the order in which they came, and other work of the process in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

type Turnstile = <T>(act: () => Promise<T> | T) => Promise<T>;

/** At most `atOnce` acts are under way; each begins in a turn of the event loop of its own. */
export function createTurnstile(atOnce: number): Turnstile {
  const waiting: (() => void)[] = [];
  let underWay = 0;
  return async (act) => {
    if (underWay >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve));
    else underWay++;
    try {
      await nextTurn();
      return await act();
    } finally {
      // Its place goes to the next one, or becomes free.
      const next = waiting.shift();
      if (next) next();
      else underWay--;
    }
  };
}
