/** Which checkpoints of a run stay: those of the newest epochs and of the best, so that a long run needs no more disk than a short one. */

/** Of the newest epochs: if the last one is damaged, the run goes on from the one before it. */
export const CHECKPOINTS_KEPT = 2;

/** Of epochs in their order, those whose checkpoints stay. `best`: whether it was the best so far. */
export function listKeptEpochs<Epoch extends { best: boolean }>(epochs: readonly Epoch[]): Epoch[] {
  const best = epochs.findLast((epoch) => epoch.best);
  return [...new Set([...epochs.slice(-CHECKPOINTS_KEPT), ...(best ? [best] : [])])];
}
