/**
 * How long a run still takes until its last epoch is over and its result is kept, from how long its parts took in this
 * attempt. A run that stops early is done sooner. Recent measurements weigh more, because a
 * machine's speed changes with its other work.
 */

/** Before anything was evaluated: a patch is evaluated about this many times as fast as it is trained. */
const ASSUMED_EVALUATION_SPEEDUP = 5;
/** Not counted for the speed of training: the first waits for compilation, the next ones for memory and caches. */
const WARM_UP_STEPS = 3;
/** After this many seconds of the run's work, a measurement weighs half. */
const HALF_LIFE_SECONDS = 30;

/**
 * What comes after the final predictions: temperature and threshold, the step with neighbours (most of the time of a patch),
 * intervals by 2,000 resamples of the patients, model and prediction files, the end of the process and the record in the
 * database. As measured on one core of a server; some seconds in all on the largest datasets.
 */
const FINISH_SECONDS = 0.35;
const FINISH_SECONDS_PER_PATCH = 3.7e-5;
const FINISH_SECONDS_PER_PATIENT = 1.3e-3;

/** What this attempt has before it. */
export type PlannedWork = {
  epochs: number;
  /** Patches of one epoch that the optimizer sees, and those whose probability is computed for its figures. */
  trainPatches: number;
  evaluationPatches: number;
  /** Patches whose probability is computed when the last epoch is over. */
  finalPatches: number;
  validation: { patches: number; patients: number };
};

export type TimeLeft = {
  addTraining(patches: number, seconds: number): void;
  addEvaluation(patches: number, seconds: number): void;
  /** The seconds of the whole epoch, so that time outside training and evaluation counts too. */
  endEpoch(seconds: number): void;
  /** No further epoch follows, whatever was planned. */
  beginFinish(): void;
  /** Null before anything was trained but for the first steps. */
  estimateSeconds(): number | null;
};

export function createTimeLeft(planned: PlannedWork): TimeLeft {
  const training = createPart(planned.epochs * planned.trainPatches);
  const evaluation = createPart(planned.epochs * planned.evaluationPatches + planned.finalPatches);
  const rest = createPart(planned.epochs);
  const finishSeconds =
    FINISH_SECONDS +
    FINISH_SECONDS_PER_PATCH * planned.validation.patches +
    FINISH_SECONDS_PER_PATIENT * planned.validation.patients;
  let steps = 0;
  let workedSeconds = 0;
  let workedBeforeEpochSeconds = 0;
  const add = (part: Part, amount: number, seconds: number) => {
    workedSeconds += seconds;
    part.add({ amount, seconds, atSeconds: workedSeconds });
  };
  return {
    addTraining(patches, seconds) {
      if (steps < WARM_UP_STEPS) {
        training.skip(patches);
        workedSeconds += seconds;
      } else add(training, patches, seconds);
      steps++;
    },
    addEvaluation: (patches, seconds) => add(evaluation, patches, seconds),
    endEpoch(seconds) {
      add(rest, 1, seconds - (workedSeconds - workedBeforeEpochSeconds));
      workedBeforeEpochSeconds = workedSeconds;
    },
    beginFinish() {
      training.skip(training.left());
      evaluation.skip(evaluation.left() - planned.finalPatches);
      rest.skip(rest.left());
    },
    estimateSeconds() {
      const perTrained = training.secondsEach();
      if (perTrained === null) return null;
      const perEvaluated = evaluation.secondsEach() ?? perTrained / ASSUMED_EVALUATION_SPEEDUP;
      return (
        training.left() * perTrained +
        evaluation.left() * perEvaluated +
        rest.left() * (rest.secondsEach() ?? 0) +
        finishSeconds
      );
    },
  };
}

type Part = ReturnType<typeof createPart>;

/** One kind of work: how many units are left, and how long one has taken recently. */
function createPart(planned: number) {
  let left = planned;
  let [amountSeen, secondsSeen, lastAtSeconds] = [0, 0, 0];
  return {
    add({ amount, seconds, atSeconds }: { amount: number; seconds: number; atSeconds: number }) {
      const kept = 0.5 ** ((atSeconds - lastAtSeconds) / HALF_LIFE_SECONDS);
      [amountSeen, secondsSeen, lastAtSeconds] = [
        kept * amountSeen + amount,
        kept * secondsSeen + seconds,
        atSeconds,
      ];
      left -= amount;
    },
    skip(amount: number) {
      left -= amount;
    },
    left: () => Math.max(0, left),
    secondsEach: () => (amountSeen > 0 ? secondsSeen / amountSeen : null),
  };
}
