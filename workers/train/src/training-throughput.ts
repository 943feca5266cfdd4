/**
 * How fast a run trains: patches of the training loop over its seconds, data included, validation left out. The first
 * step of every attempt, which waits for compilation, counts neither its patches nor its seconds.
 */

export type TrainingThroughput = {
  addStep(patches: number, seconds: number): void;
  /** Null before the second step. */
  patchesPerSecond(): number | null;
  totals(): { patches: number; seconds: number };
};

/** Goes on from the totals of earlier attempts. */
export function createThroughput(totals = { patches: 0, seconds: 0 }): TrainingThroughput {
  let { patches, seconds } = totals;
  let isFirstStep = true;
  return {
    addStep(stepPatches, stepSeconds) {
      if (!isFirstStep) {
        patches += stepPatches;
        seconds += stepSeconds;
      }
      isFirstStep = false;
    },
    patchesPerSecond: () => (seconds > 0 ? patches / seconds : null),
    totals: () => ({ patches, seconds }),
  };
}
