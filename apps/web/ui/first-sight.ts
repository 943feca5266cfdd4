/** When a page has shown what it is for. What it will only want later is not loaded before: it would be in the way. */
import { whenIdle } from './when-idle.ts';

/** A page that tells nothing has shown itself by then. */
const LONGEST_WAIT_MS = 3_000;

let tell: () => void;
const shown = new Promise<void>((resolve) => {
  tell = resolve;
});

/** By what draws a page's data, or says why there is none. */
export function tellShown(): void {
  tell();
}

/** Once the page has shown itself and has nothing else to do. Returns how to leave it. */
export function afterFirstSight(work: () => void): () => void {
  let leave: (() => void) | null = null;
  let isLeft = false;
  const begin = () => {
    clearTimeout(timer);
    if (!isLeft) leave ??= whenIdle(work);
  };
  const timer = setTimeout(begin, LONGEST_WAIT_MS);
  void shown.then(begin);
  return () => {
    isLeft = true;
    clearTimeout(timer);
    leave?.();
  };
}
