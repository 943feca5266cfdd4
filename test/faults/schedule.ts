/** Which fault comes when: drawn from the seed alone, so that the same seed gives the same acts in the same order. */
import { createRandom, deriveSeed, type SeededRandom, shuffle } from '@microtome/domain/seeded-random';
import type { Fault } from './kinds/fault.ts';

/** Faults of one run, if it is not at its end before. */
const LEAST_IN_A_RUN = 2;
const MOST_IN_A_RUN = 4;

export type Act = {
  fault: Fault;
  /** From 1; names the act in what is printed. */
  number: number;
  random: SeededRandom;
};

export type Schedule = {
  /** How many of the next acts hit the same run. */
  drawRunLength(): number;
  /** The next act that fits into that many seconds; null when none does. */
  take(secondsLeft: number): Act | null;
  /** It could not be done, and comes again before others. */
  putBack(act: Act): void;
};

/** Each fault once in an order of its own, then all again in another. */
export function createSchedule(seed: number, faults: readonly Fault[]): Schedule {
  const lengths = createRandom(deriveSeed(seed, 'faults of a run'));
  let waiting: Fault[] = [];
  let round = 0;
  let taken = 0;
  return {
    drawRunLength: () => LEAST_IN_A_RUN + Math.floor(lengths.next() * (MOST_IN_A_RUN - LEAST_IN_A_RUN + 1)),
    take(secondsLeft) {
      const fits = (fault: Fault) => fault.lastsSeconds <= secondsLeft;
      if (waiting.length === 0) waiting = shuffle(faults, createRandom(deriveSeed(seed, 'order', round++)));
      const place = waiting.findIndex(fits);
      const [fault] = place < 0 ? [] : waiting.splice(place, 1);
      if (!fault) return null;
      taken += 1;
      return { fault, number: taken, random: createRandom(deriveSeed(seed, 'act', taken)) };
    },
    putBack: ({ fault }) => waiting.unshift(fault),
  };
}
