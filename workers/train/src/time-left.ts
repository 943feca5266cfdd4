/** How long a run still takes, from how long its parts took so far in this attempt. */

/** Before anything was evaluated: a patch is evaluated about this many times as fast as it is trained. */
const ASSUMED_EVALUATION_SPEEDUP = 5;

export type WorkLeft = {
  /** Patches that the optimizer still has to see. */
  trainPatches: number;
  /** Patches whose probability is still to be computed, the final predictions included. */
  evaluationPatches: number;
};

export type TimeLeft = {
  addTraining(patches: number, seconds: number): void;
  addEvaluation(patches: number, seconds: number): void;
  /** Null before anything was trained. */
  estimateSeconds(left: WorkLeft): number | null;
};

/** The first training step waits for compilation and is not counted. */
export function createTimeLeft(): TimeLeft {
  const training = { patches: 0, seconds: 0, steps: 0 };
  const evaluation = { patches: 0, seconds: 0 };
  return {
    addTraining(patches, seconds) {
      training.steps++;
      if (training.steps === 1) return;
      training.patches += patches;
      training.seconds += seconds;
    },
    addEvaluation(patches, seconds) {
      evaluation.patches += patches;
      evaluation.seconds += seconds;
    },
    estimateSeconds(left) {
      if (training.patches === 0) return null;
      const perTrained = training.seconds / training.patches;
      const perEvaluated =
        evaluation.patches > 0
          ? evaluation.seconds / evaluation.patches
          : perTrained / ASSUMED_EVALUATION_SPEEDUP;
      return left.trainPatches * perTrained + left.evaluationPatches * perEvaluated;
    },
  };
}
