'use client';
/**
 * What a part of the page that may be hidden is given: nothing new while it is, and when it is seen again, first what it had,
 * so that it is there at once, and what came meanwhile right after that.
 */
import { useDeferredValue, useRef } from 'react';

export function useWhileShown<T>(value: T, isShown: boolean): T {
  const wasShown = useDeferredValue(isShown);
  const kept = useRef(value);
  if (isShown && wasShown) kept.current = value;
  return kept.current;
}
