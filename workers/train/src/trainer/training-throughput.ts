/**
 * How fast a run trains: patches of the training loop over its seconds, data included, validation left out. The first
 * step of every attempt, which waits for compilation, counts neither its patches nor its seconds.
 */

export type TrainingThroughput = {
  addStep(patches: number, seconds: number): void;
  /** Before a second step nothing but the first can tell: its figure is far too low. Null before any step. */
  patchesPerSecond(): number | null;
  totals(): { patches: number; seconds: number };
};

/** Goes on from the totals of earlier attempts. */
export function createThroughput(totals = { patches: 0, seconds: 0 }): TrainingThroughput {
  let { patches, seconds } = totals;
  let firstStepRate: number | null = null;
  return {
    addStep(stepPatches, stepSeconds) {
      if (firstStepRate === null) {
        firstStepRate = stepPatches / stepSeconds;
        return;
      }
      patches += stepPatches;
      seconds += stepSeconds;
    },
    patchesPerSecond: () => (seconds > 0 ? patches / seconds : firstStepRate),
    totals: () => ({ patches, seconds }),
  };
}
