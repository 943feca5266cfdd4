'use client';
/** The current time, refreshed regularly, for "4 min ago" and running durations. Zero until mounted. */
import { useEffect, useState } from 'react';

export function useNow(everyMs = 1_000): number {
  const [nowMs, setNowMs] = useState(0);
  useEffect(() => {
    setNowMs(Date.now());
    const timer = setInterval(() => setNowMs(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
