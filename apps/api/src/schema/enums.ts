/** The closed lists of words, each with the meaning of every word. */
import type { DifferenceVerdictKind } from '@microtome/domain/comparison/judge-difference';
import { builder } from '../graphql/builder.ts';

export const RunStatusEnum = builder.enumType('RunStatus', {
  description: 'Where a run stands. The last three are settled: nothing moves them but a retry.',
  values: {
    QUEUED: { description: 'Waits for a worker.' },
    RUNNING: { description: 'A worker trains it.' },
    SUCCEEDED: { description: 'Trained, evaluated and stored.' },
    FAILED: { description: 'Ended by an error; `error` says which.' },
    CANCELED: { description: 'Ended by a user.' },
  } as const,
});

export const SubsetEnum = builder.enumType('Subset', {
  description: 'One side of a split.',
  values: {
    TRAIN: { description: 'Weights are fitted on it.' },
    VALIDATION: { description: 'Runs are ranked and thresholds chosen on it.' },
    TEST: { description: 'Sealed until it is opened for a run; the final word.' },
  } as const,
});

export const SplitStrategyEnum = builder.enumType('SplitStrategy', {
  description: 'How a split was made.',
  values: {
    PATIENT_STRATIFIED: { description: 'By patient, seeded, balanced in positive share and size.' },
    CRUZ_ROA_2014: { description: 'The published patient lists of Cruz-Roa et al. 2014.' },
    PUBLISHED: {
      description:
        'The publisher’s own: by patient where each is on one side, otherwise by patch and unsafe.',
    },
    IMPORTED: {
      description:
        'Of a list from outside: by unit where each is on one side, otherwise by patch and unsafe.',
    },
    BY_SITE: { description: 'Whole sites held out: named ones, or each of them once.' },
    PRESERVED_SITES: { description: 'By site, k folds: no site is on two sides.' },
    K_FOLD: { description: 'By patient, k folds: TEST is one fold, VALIDATION the next, TRAIN the rest.' },
    RANDOM_PATCH: {
      description: 'UNSAFE on purpose: patches of one patient lie on every side. Never promotable.',
    },
  } as const,
});

export const SplitKindEnum = builder.enumType('SplitKind', {
  description: 'What a split divides. It never changes.',
  values: {
    PATIENT: { description: 'Patients: no patient is on two sides.' },
    PATCH: { description: 'Patches, regardless of patient: unsafe.' },
  } as const,
});

export const OutlineRoleEnum = builder.enumType('OutlineRole', {
  description: 'What an outline was to the labels of patches.',
  values: {
    POSITIVE: { description: 'Around what is looked for.' },
    HOLE: { description: 'Cut out of what is looked for.' },
    OTHER: { description: 'Of another class: it decided nothing.' },
  } as const,
});

export const ImportStatusEnum = builder.enumType('ImportStatus', {
  description: 'Where an import stands.',
  values: {
    RUNNING: { description: 'Files are being read.' },
    SUCCEEDED: { description: 'The dataset is there, whole.' },
    FAILED: { description: 'Nothing was kept; `error` says why.' },
    CANCELED: { description: 'Stopped by a user; nothing was kept.' },
  } as const,
});

export const SweepStrategyEnum = builder.enumType('SweepStrategy', {
  description: 'How the runs of a sweep differ from each other.',
  values: {
    GRID: { description: 'Every combination of the listed values.' },
    RANDOM: { description: 'Seeded random draws from the ranges.' },
    HALVING: {
      description: 'Many settings for few epochs, the best share of them again for more, rung by rung.',
    },
    FOLDS: { description: 'Cross-validation: one run of one setting on each of the k folds.' },
    SEEDS: { description: 'One run for each seed.' },
  } as const,
});

export const RunEventKindEnum = builder.enumType('RunEventKind', {
  description: 'What kind of fact an event tells.',
  values: {
    STATUS: { description: 'The run moved to another status.' },
    EPOCH: { description: 'An epoch ended; its numbers are in `metrics`.' },
    EVALUATION: { description: 'A subset was evaluated.' },
    LOG: { description: 'A line of the training log.' },
    METRICS: { description: 'An external program added numbers: read the series again.' },
  } as const,
});

export const RunOriginEnum = builder.enumType('RunOrigin', {
  description: 'Who records a run.',
  values: {
    WORKER: { description: 'A worker of this platform trains it.' },
    EXTERNAL: { description: 'Any other program, by `startRun`.' },
  } as const,
});

export const SeriesOwnerEnum = builder.enumType('SeriesOwner', {
  description: 'Who records a series of numbers of a run.',
  values: {
    WORKER: { description: 'The worker that trains the run; rankings read these.' },
    EXTERNAL: { description: 'Something outside, by `logMetrics`.' },
  } as const,
});

export const SortDirectionEnum = builder.enumType('SortDirection', {
  description: 'Which end comes first.',
  values: {
    ASC: { description: 'Smallest first.' },
    DESC: { description: 'Largest first.' },
  } as const,
});

export const PromotionActEnum = builder.enumType('PromotionAct', {
  description: 'What is done with an alias.',
  values: {
    PROMOTE: { description: 'Moved to a version, through the gate.' },
    DEMOTE: { description: 'Taken away: it points to nothing.' },
    ROLL_BACK: { description: 'Returned to the version that held it before.' },
  } as const,
});

export const DifferenceVerdictKindEnum = builder.enumType('DifferenceVerdictKind', {
  description: 'What a paired difference allows one to say.',
  values: {
    UNDEFINED: { description: 'Nothing: there is no interval.' },
    NOT_TOLD_APART: { description: 'The interval holds 0: these patients do not tell the two apart.' },
    NOT_AFTER_HOLM: { description: 'One leads, but a p-value after Holm takes it back.' },
    FEW_PATIENTS: { description: 'One leads, on too few patients to be called better.' },
    BETTER: { description: 'One is better.' },
  } satisfies Record<DifferenceVerdictKind, { description: string }>,
});
