'use client';
/**
 * Runs a mutation from a button: busy while it runs, its error as a toast unless it is said elsewhere, never an unhandled
 * rejection.
 */
import { useState } from 'react';
import { toast } from '../ui/toast.ts';
import { describeError } from './error-sentence.ts';

export type Action = {
  run: (work: () => Promise<unknown>, done?: string) => Promise<boolean>;
  busy: boolean;
};

/** `sayElsewhere`: whether it has said the error in a better place. */
export function useAction(sayElsewhere: (error: unknown) => boolean = () => false): Action {
  const [busy, setBusy] = useState(false);
  async function run(work: () => Promise<unknown>, done?: string): Promise<boolean> {
    setBusy(true);
    try {
      await work();
      if (done) toast.success(done);
      return true;
    } catch (error) {
      if (!sayElsewhere(error)) toast.error(describeError(error), { duration: 10_000 });
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { run, busy };
}
