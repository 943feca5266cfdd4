'use client';
/** Whether keys are called as a Mac calls them. */
import { useSyncExternalStore } from 'react';

/** Only the browser knows. */
export function useIsMac(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => /Mac|iPhone|iPad/.test(navigator.platform),
    () => false,
  );
}
