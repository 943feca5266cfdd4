/**
 * How long a run still takes until its last epoch is over and its result is kept, from how long its parts took in this
 * attempt. A run that stops early is done sooner. What was lately counts more than what was long ago, because a
 * machine's speed changes with what else it does.
 */

/** Before anything was evaluated: a patch is evaluated about this many times as fast as it is trained. */
const ASSUMED_EVALUATION_SPEEDUP = 5;
/** After so many seconds of this run's work, what was measured counts half. */
const HALF_LIFE_SECONDS = 30;

/**
 * What comes after the final predictions: temperature and threshold, intervals by 2,000 resamples of the patients, model
 * and prediction files, the end of the process and the record in the database. Measured on one core of a server; a
 * second in all on the largest data sets, so its share only counts in runs of seconds.
 */
const FINISH_SECONDS = 0.5;
const FINISH_SECONDS_PER_PATCH = 5e-6;
const FINISH_SECONDS_PER_PATIENT = 1.3e-3;

export type WorkLeft = {
  /** Patches that the optimizer still has to see. */
  trainPatches: number;
  /** Patches whose probability is still to be computed, the final predictions included. */
  evaluationPatches: number;
  /** Epochs that are still to end, each with its figures and its checkpoint. */
  epochs: number;
};

export type TimeLeft = {
  addTraining(patches: number, seconds: number): void;
  addEvaluation(patches: number, seconds: number): void;
  /** The whole epoch, so that what it took beside training and evaluation counts too. */
  endEpoch(seconds: number): void;
  /** Null before anything was trained. */
  estimateSeconds(left: WorkLeft): number | null;
};

/** The first training step waits for compilation and is not counted. VALIDATION as it is when the run finishes. */
export function createTimeLeft(validation: { patches: number; patients: number }): TimeLeft {
  const training = createAverage();
  const evaluation = createAverage();
  const rest = createAverage();
  const finishSeconds =
    FINISH_SECONDS +
    FINISH_SECONDS_PER_PATCH * validation.patches +
    FINISH_SECONDS_PER_PATIENT * validation.patients;
  let isFirstStep = true;
  let workedSeconds = 0;
  let ofThisEpochSeconds = 0;
  const count = (part: Average, amount: number, seconds: number) => {
    workedSeconds += seconds;
    ofThisEpochSeconds += seconds;
    part.add({ amount, seconds, atSeconds: workedSeconds });
  };
  return {
    addTraining(patches, seconds) {
      if (isFirstStep) ofThisEpochSeconds += seconds;
      else count(training, patches, seconds);
      isFirstStep = false;
    },
    addEvaluation: (patches, seconds) => count(evaluation, patches, seconds),
    endEpoch(seconds) {
      count(rest, 1, seconds - ofThisEpochSeconds);
      ofThisEpochSeconds = 0;
    },
    estimateSeconds(left) {
      const perTrained = training.secondsEach();
      if (perTrained === null) return null;
      const perEvaluated = evaluation.secondsEach() ?? perTrained / ASSUMED_EVALUATION_SPEEDUP;
      return (
        left.trainPatches * perTrained +
        left.evaluationPatches * perEvaluated +
        left.epochs * (rest.secondsEach() ?? 0) +
        finishSeconds
      );
    },
  };
}

type Average = ReturnType<typeof createAverage>;

function createAverage() {
  let total = { amount: 0, seconds: 0 };
  let lastAtSeconds = 0;
  return {
    add({ amount, seconds, atSeconds }: { amount: number; seconds: number; atSeconds: number }) {
      const kept = 0.5 ** ((atSeconds - lastAtSeconds) / HALF_LIFE_SECONDS);
      total = { amount: kept * total.amount + amount, seconds: kept * total.seconds + seconds };
      lastAtSeconds = atSeconds;
    },
    secondsEach: () => (total.amount > 0 ? total.seconds / total.amount : null),
  };
}
