/**
 * Loads again when something has changed. A change during a load may be missing from its answer, and answers may come in
 * another order than they were asked for: one more load follows, once the first is over, however many changes there were.
 */
export function reloadInTurn(load: () => Promise<unknown>): () => void {
  let isLoading = false;
  let isDue = false;
  async function loadWhileDue(): Promise<void> {
    isLoading = true;
    while (isDue) {
      isDue = false;
      // The banner says that the API does not answer; what is shown stays.
      await load().catch(() => undefined);
    }
    isLoading = false;
  }
  return () => {
    isDue = true;
    if (!isLoading) void loadWhileDue();
  };
}
