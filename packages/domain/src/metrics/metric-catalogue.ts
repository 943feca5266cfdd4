/**
 * The catalogue of metrics: each one's name, what it tells, which end is the good one, and where it may be
 * used. It is the only list of metrics: evaluations, intervals, the monitor, sweeps, the API, pages, reports and commands
 * derive theirs from it. What is computed is typed by these names, so an entry without its computation does not compile.
 */

export type MetricGroup =
  | 'TRAINING'
  | 'DISCRIMINATION'
  | 'CALIBRATION'
  | 'RECALIBRATION'
  | 'PATCHES'
  | 'MACHINE';
export type MetricUnit = 'SECONDS' | 'PATCHES_PER_SECOND' | 'BYTES' | 'SHARE';

export type MetricEntry = {
  /** `{class}` stands for the positive class, where the metric speaks of one side. */
  title: string;
  /** Within a line and behind a subset, where there is little room; the title without its class when left out. */
  shortTitle?: string;
  /** One sentence. */
  about: string;
  /** The good end; null where neither is: such a figure informs, but one run's cannot be better than another's. */
  better: 'HIGHER' | 'LOWER' | null;
  /** Its lowest and highest value, null where it has no end; from 0 to 1 when left out. */
  range?: readonly [low: number | null, high: number | null];
  unit?: MetricUnit;
  /** Computed from calls, so it changes with the threshold. */
  needsThreshold?: true;
  /** Its place among the main figures, from 1: a view with room for n figures shows those up to place n. */
  mainPlace?: number;
  /** A sweep can be ranked by it. */
  ranksSweeps?: true;
  /** Its mean over patients, each weighing the same, is a metric of its own. */
  hasMean?: true;
};

/** In the order in which they are shown. Names of TRAINING and MACHINE are those under which a worker reports them. */
export const METRIC_CATALOGUE = {
  TRAINING: {
    loss: {
      title: 'Loss',
      shortTitle: 'loss',
      about: 'Class-weighted cross-entropy of label and probability, in nats.',
      better: 'LOWER',
      range: [0, null],
      mainPlace: 1,
    },
    learningRate: {
      title: 'Learning rate',
      about: 'Learning rate of the last step of the epoch.',
      better: null,
      range: [0, null],
    },
  },
  DISCRIMINATION: {
    auc: {
      title: 'ROC AUC of {class}',
      shortTitle: 'AUC',
      about: 'Chance that a positive patch gets a higher probability than a negative one.',
      better: 'HIGHER',
      mainPlace: 2,
      ranksSweeps: true,
      hasMean: true,
    },
    averagePrecision: {
      title: 'Average precision of {class}',
      about: 'Area under precision over recall.',
      better: 'HIGHER',
      mainPlace: 7,
      ranksSweeps: true,
      hasMean: true,
    },
    balancedAccuracy: {
      title: 'Balanced accuracy',
      shortTitle: 'bal. acc.',
      about: 'Mean of sensitivity and specificity.',
      better: 'HIGHER',
      needsThreshold: true,
      mainPlace: 3,
      ranksSweeps: true,
      hasMean: true,
    },
    sensitivity: {
      title: 'Sensitivity for {class}',
      shortTitle: 'sensitivity',
      about: 'Share of positive patches that are called.',
      better: 'HIGHER',
      needsThreshold: true,
      mainPlace: 5,
      hasMean: true,
    },
    specificity: {
      title: 'Specificity for {class}',
      shortTitle: 'specificity',
      about: 'Share of negative patches that are left alone.',
      better: 'HIGHER',
      needsThreshold: true,
      mainPlace: 6,
      hasMean: true,
    },
    ppv: {
      title: 'Precision (PPV) of {class}',
      about: 'Share of calls that are right, at this prevalence.',
      better: 'HIGHER',
      needsThreshold: true,
    },
    npv: {
      title: 'NPV of {class}',
      about: 'Share of patches left alone that are negative.',
      better: 'HIGHER',
      needsThreshold: true,
    },
    f1: {
      title: 'F1 of {class}',
      about: 'Harmonic mean of precision and sensitivity; of one patient also the Dice of the called area.',
      better: 'HIGHER',
      needsThreshold: true,
      mainPlace: 4,
      ranksSweeps: true,
      hasMean: true,
    },
    mcc: {
      title: 'Matthews correlation',
      about: 'Correlation of call and label, -1 to 1.',
      better: 'HIGHER',
      range: [-1, 1],
      needsThreshold: true,
      mainPlace: 10,
    },
    kappa: {
      title: 'Cohen’s kappa',
      about: 'Agreement beyond chance, -1 to 1.',
      better: 'HIGHER',
      range: [-1, 1],
      needsThreshold: true,
    },
    accuracy: {
      title: 'Accuracy',
      about: 'Share of patches that are right; flattering when classes are unequal.',
      better: 'HIGHER',
      needsThreshold: true,
      mainPlace: 9,
      hasMean: true,
    },
    sensitivityAtSpecificity90: {
      title: 'Sensitivity for {class} at specificity 0.90',
      about: 'Read off the ROC curve.',
      better: 'HIGHER',
    },
    sensitivityAtSpecificity95: {
      title: 'Sensitivity for {class} at specificity 0.95',
      about: 'Read off the ROC curve.',
      better: 'HIGHER',
    },
  },
  CALIBRATION: {
    brier: {
      title: 'Brier score',
      about: 'Mean squared error of the probability.',
      better: 'LOWER',
      ranksSweeps: true,
      hasMean: true,
    },
    logLoss: {
      title: 'Log loss',
      about: 'Mean negative log likelihood in nats.',
      better: 'LOWER',
      range: [0, null],
      ranksSweeps: true,
    },
    ece: {
      title: 'Calibration error (ECE) of {class}',
      about: 'Probability of the positive class against its frequency in 15 bins of equal width.',
      better: 'LOWER',
      mainPlace: 8,
    },
    eceTopLabel: {
      title: 'Calibration error (ECE), top label',
      about: 'Probability of the likelier class against the share of right calls at one half, 15 bins.',
      better: 'LOWER',
    },
  },
  RECALIBRATION: {
    calibrationIntercept: {
      title: 'Calibration intercept',
      about: '0 is right; below 0 probabilities are too high on the whole, above 0 too low.',
      better: null,
      range: [null, null],
    },
    calibrationSlope: {
      title: 'Calibration slope',
      about: '1 is right; below 1 probabilities are too extreme, above 1 not extreme enough.',
      better: null,
      range: [null, null],
    },
  },
  PATCHES: {
    prevalence: {
      title: 'Prevalence of {class}',
      about: 'Share of patches that are positive: a property of the patches, not of the run.',
      better: null,
    },
  },
  MACHINE: {
    patchesPerSecond: {
      title: 'Training speed',
      about: 'Patches of TRAIN per second of an epoch, waiting for data included.',
      better: 'HIGHER',
      range: [0, null],
      unit: 'PATCHES_PER_SECOND',
    },
    seconds: {
      title: 'Whole epoch',
      about: 'Time that the epoch took.',
      better: 'LOWER',
      range: [0, null],
      unit: 'SECONDS',
    },
    stepSeconds: {
      title: 'In training steps',
      about: 'Time of the epoch in training steps.',
      better: 'LOWER',
      range: [0, null],
      unit: 'SECONDS',
    },
    dataSeconds: {
      title: 'Waiting for data',
      about: 'Time of the epoch in which a step waited for patches.',
      better: 'LOWER',
      range: [0, null],
      unit: 'SECONDS',
    },
    evaluationSeconds: {
      title: 'Evaluating',
      about: 'Time that evaluating VALIDATION and the sample of TRAIN took.',
      better: 'LOWER',
      range: [0, null],
      unit: 'SECONDS',
    },
    residentMemoryBytes: {
      title: 'Resident memory',
      about: 'Memory of the training process at the end of the epoch.',
      better: 'LOWER',
      range: [0, null],
      unit: 'BYTES',
    },
    gpuMemoryBytes: {
      title: 'GPU memory in use',
      about: 'Memory in use on the GPU, by all processes.',
      better: 'LOWER',
      range: [0, null],
      unit: 'BYTES',
    },
    gpuUse: {
      title: 'GPU use',
      about: 'Share of time in which the GPU computed.',
      better: 'HIGHER',
      unit: 'SHARE',
    },
    tensorsAlive: {
      title: 'Tensors alive',
      about: 'Tensors held at the end of the epoch; a number that keeps rising is a leak.',
      better: null,
      range: [0, null],
    },
  },
} as const satisfies Record<MetricGroup, Record<string, MetricEntry>>;

type Entries = typeof METRIC_CATALOGUE;

/** The names of a group's metrics, or of those that have a property. */
export type MetricName<Group extends MetricGroup, Having = unknown> = Group extends MetricGroup
  ? {
      [Name in keyof Entries[Group]]: Entries[Group][Name] extends Having ? Name : never;
    }[keyof Entries[Group]]
  : never;
