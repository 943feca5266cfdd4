'use client';
/**
 * The current time, refreshed regularly, for "4 min ago" and running durations. Zero until mounted. All that is refreshed as
 * often shares one clock: a table has hundreds of moments.
 */
import { useSyncExternalStore } from 'react';

type Clock = { subscribe: (listener: () => void) => () => void; read: () => number };

const clocks = new Map<number, Clock>();

export function useNow(everyMs = 1_000): number {
  const { subscribe, read } = findClock(everyMs);
  return useSyncExternalStore(subscribe, read, readNothing);
}

function findClock(everyMs: number): Clock {
  const known = clocks.get(everyMs);
  if (known) return known;
  const clock = startClock(everyMs);
  clocks.set(everyMs, clock);
  return clock;
}

function startClock(everyMs: number): Clock {
  const listeners = new Set<() => void>();
  let nowMs = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = () => {
    nowMs = Date.now();
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener) {
      listeners.add(listener);
      timer ??= setInterval(tick, everyMs);
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
    },
    read() {
      // While nobody is told of the time, it is read anew.
      if (timer === undefined && Date.now() - nowMs >= everyMs) nowMs = Date.now();
      return nowMs;
    },
  };
}

function readNothing(): number {
  return 0;
}
