/** Wakes what waits. A call that comes while nothing waits is remembered, so that none is lost between a check and a wait. */

type Waker = {
  wake(): void;
  /** Until it is woken (also when that was before), the signal aborts or the time is over. */
  wait(signal: AbortSignal, timeoutMs?: number): Promise<void>;
};

export function createWaker(): Waker {
  let isAwake = false;
  let wake = () => {};
  return {
    wake() {
      isAwake = true;
      wake();
    },
    async wait(signal, timeoutMs) {
      if (!isAwake && !signal.aborted) {
        await new Promise<void>((resolve) => {
          const timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
          const end = () => {
            clearTimeout(timer);
            signal.removeEventListener('abort', end);
            resolve();
          };
          wake = end;
          signal.addEventListener('abort', end);
        });
      }
      isAwake = false;
      wake = () => {};
    },
  };
}
