/**
 * Loads again when something has changed. A change during a load may be missing from its answer, and answers may come in
 * another order than they were asked for: one more load follows, once the first is over, however many changes there were. A
 * load that never ends holds up no later one for longer than a while.
 */

/** An answer that takes longer is given up: the next one says the same, and newer. */
const LONGEST_MS = 15_000;

export function reloadInTurn(load: () => Promise<unknown>, longestMs = LONGEST_MS): () => void {
  let isLoading = false;
  let isDue = false;
  async function loadWhileDue(): Promise<void> {
    isLoading = true;
    try {
      while (isDue) {
        isDue = false;
        await loadOnce(load, longestMs);
      }
    } finally {
      isLoading = false;
    }
  }
  return () => {
    isDue = true;
    if (!isLoading) void loadWhileDue();
  };
}

async function loadOnce(load: () => Promise<unknown>, longestMs: number): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise((resolve) => {
    timer = setTimeout(resolve, longestMs);
  });
  // The banner says that the API does not answer; what is shown stays.
  await Promise.race([load().catch(() => undefined), isLate]);
  clearTimeout(timer);
}
