/**
 * How long a run still takes, from how long its parts took in this attempt. What was lately counts more than what was
 * long ago, because a machine's speed changes with what else it does.
 */

/** Before anything was evaluated: a patch is evaluated about this many times as fast as it is trained. */
const ASSUMED_EVALUATION_SPEEDUP = 5;
/** A step's weight among all after another one: after 70 steps it is halved. */
const STEP_MEMORY = 0.99;
/** The same for the far larger chunks of an evaluation. */
const CHUNK_MEMORY = 0.9;

export type WorkLeft = {
  /** Patches that the optimizer still has to see. */
  trainPatches: number;
  /** Patches whose probability is still to be computed, the final predictions included. */
  evaluationPatches: number;
  /** Checkpoints that are still to be written. */
  checkpoints: number;
};

export type TimeLeft = {
  addTraining(patches: number, seconds: number): void;
  addEvaluation(patches: number, seconds: number): void;
  /** What an epoch took beside training and evaluation: its figures and its checkpoint. */
  addCheckpoint(seconds: number): void;
  /** Null before anything was trained. */
  estimateSeconds(left: WorkLeft): number | null;
};

/** The first training step waits for compilation and is not counted. */
export function createTimeLeft(): TimeLeft {
  const training = createAverage(STEP_MEMORY);
  const evaluation = createAverage(CHUNK_MEMORY);
  const checkpoint = createAverage(CHUNK_MEMORY);
  let isFirstStep = true;
  return {
    addTraining(patches, seconds) {
      if (!isFirstStep) training.add(patches, seconds);
      isFirstStep = false;
    },
    addEvaluation: (patches, seconds) => evaluation.add(patches, seconds),
    addCheckpoint: (seconds) => checkpoint.add(1, seconds),
    estimateSeconds(left) {
      const perTrained = training.secondsEach();
      if (perTrained === null) return null;
      const perEvaluated = evaluation.secondsEach() ?? perTrained / ASSUMED_EVALUATION_SPEEDUP;
      const perCheckpoint = checkpoint.secondsEach() ?? 0;
      return (
        left.trainPatches * perTrained +
        left.evaluationPatches * perEvaluated +
        left.checkpoints * perCheckpoint
      );
    },
  };
}

function createAverage(memory: number) {
  let count = 0;
  let seconds = 0;
  return {
    add(more: number, moreSeconds: number) {
      count = memory * count + more;
      seconds = memory * seconds + moreSeconds;
    },
    secondsEach: () => (count > 0 ? seconds / count : null),
  };
}
