/**
 * Every hyperparameter of a run, in one strict schema: defaults, ranges and a sentence on each. The launch form, the
 * API and the worker all read it from here; an unknown key or a value out of range is an error that names it.
 */
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { THRESHOLD_RULES } from '../metrics/threshold.ts';
import { ARCHITECTURE_NAMES } from '../network/architectures.ts';
import { SEED_MAX } from '../seeded-random.ts';
import { MONITORS } from './epoch-metrics.ts';
import { describeHyperparameterIssue } from './hyperparameter-issue.ts';
import { PRECISIONS } from './precision.ts';

/** Numbers: both ends belong to the range unless `above` says that the lower one does not. */
type NumberKnob = { fallback: number; min?: number; above?: number; max: number; about: string };

const schema = z
  .strictObject({
    architecture: choice(ARCHITECTURE_NAMES, 'shallow', 'The network.'),
    width: real({ fallback: 1, min: 0.25, max: 4, about: 'Multiplies the channels of every convolution.' }),
    epochs: whole({ fallback: 10, min: 1, max: 500, about: 'Passes over the training patches.' }),
    batchSize: whole({ fallback: 64, min: 1, max: 1024, about: 'Patches per training step.' }),
    optimizer: choice(['adam', 'adamw', 'momentum', 'sgd'], 'adam', 'How a gradient moves the weights.'),
    learningRate: real({
      fallback: 1e-3,
      above: 0,
      max: 10,
      about: 'Highest learning rate of the schedule.',
    }),
    momentum: real({ fallback: 0.9, min: 0, max: 0.999, about: 'Momentum of the momentum optimizer.' }),
    weightDecay: real({
      fallback: 0,
      min: 0,
      max: 1,
      about: 'Decoupled weight decay, multiplied by the learning rate.',
    }),
    learningRateSchedule: choice(
      ['constant', 'cosine', 'step', 'plateau'],
      'cosine',
      'How the learning rate falls: cosine to zero, a tenth at half and at three quarters, or halved on a plateau.',
    ),
    warmupEpochs: whole({
      fallback: 0,
      min: 0,
      max: 100,
      about: 'Epochs over which the learning rate rises from near zero.',
    }),
    dropoutRate: real({
      fallback: 0.5,
      min: 0,
      max: 0.9,
      about: 'Share of units dropped, where the network drops.',
    }),
    augmentFlips: flag(true, 'Shows each patch in one of its eight flips and right-angle rotations.'),
    augmentStain: real({
      fallback: 0,
      min: 0,
      max: 0.2,
      about: 'Strength (sigma) of the stain jitter in HED space.',
    }),
    augmentBrightness: real({
      fallback: 0,
      min: 0,
      max: 0.5,
      about: 'Largest relative change of brightness and contrast.',
    }),
    classWeighting: choice(
      ['none', 'balanced', 'sampled'],
      'balanced',
      'Balanced: both classes weigh the same in the loss, whatever their counts. Sampled: both are shown equally often.',
    ),
    patientSampling: choice(
      ['patch', 'balanced'],
      'patch',
      'Patch: every patch once an epoch. Balanced: every unit (a patient, or what the dataset is split by) equally often.',
    ),
    labelSmoothing: real({ fallback: 0, min: 0, max: 0.2, about: 'Pulls the labels toward one half.' }),
    focalGamma: real({
      fallback: 0,
      min: 0,
      max: 5,
      about: 'Focal loss: weight of easy patches falls; 0 is off.',
    }),
    gradientClipNorm: real({
      fallback: 0,
      min: 0,
      max: 1000,
      about: 'Largest norm of the gradient; 0 is off.',
    }),
    earlyStoppingPatience: whole({
      fallback: 0,
      min: 0,
      max: 500,
      about: 'Epochs without a better monitored metric before the run ends; 0 is off.',
    }),
    monitor: choice(
      MONITORS,
      'validation.auc',
      'The VALIDATION metric by which the best weights are kept, before calibration and at threshold 0.5; macro: the mean over units (patients, or what the dataset is split by).',
    ),
    thresholdRule: choice(
      THRESHOLD_RULES,
      'youden',
      'How the threshold is chosen on VALIDATION: Youden J, largest F1, or a wanted sensitivity.',
    ),
    targetSensitivity: real({
      fallback: 0.95,
      above: 0,
      max: 1,
      about: 'Least sensitivity on VALIDATION under the sensitivity rule.',
    }),
    edgeStrips: choice(
      ['drop', 'reflect'],
      'drop',
      'Patches cut at the slide edge: left out, or completed by reflection. Never padded with zeros.',
    ),
    calibration: choice(
      ['temperature', 'none'],
      'temperature',
      'Temperature scaling fitted on VALIDATION and stored with the model.',
    ),
    seed: whole({
      fallback: 1,
      min: 0,
      max: SEED_MAX,
      about: 'One seed for initial weights, order, augmentation and dropout.',
    }),
    deterministic: flag(
      false,
      'The same bits from the same seed on a GPU too, where its kernels allow it; slower there. The CPU engine always gives them.',
    ),
    precision: choice(
      PRECISIONS,
      'float32',
      'Numbers in convolutions and dense layers of a training step. bf16: bfloat16, faster on the backend tensorflow and a processor that has it; weights, loss and evaluation stay float32.',
    ),
  })
  .describe('The hyperparameters of a run. The task says what is positive.');

export type Hyperparameters = z.output<typeof schema>;

export type HyperparameterPreset = {
  name: string;
  title: string;
  description: string;
  /** Only what differs from the defaults. */
  hyperparameters: Partial<Hyperparameters>;
};

/** `shallow` and `deep` differ only in the network, so that comparing them compares the networks. */
export const HYPERPARAMETER_PRESETS: readonly HyperparameterPreset[] = [
  {
    name: 'shallow',
    title: 'Shallow CNN',
    description: 'Three convolutions; minutes on a laptop.',
    hyperparameters: { architecture: 'shallow' },
  },
  {
    name: 'deep',
    title: 'Deep CNN',
    description: 'Eight convolutions with batch norm; the same budget as the shallow preset.',
    hyperparameters: { architecture: 'deep' },
  },
  {
    name: 'colour-baseline',
    title: 'Colour baseline',
    description: 'A logistic regression on colour and texture: what any CNN must beat.',
    hyperparameters: { architecture: 'colour-baseline', learningRate: 0.01 },
  },
  {
    name: 'quick',
    title: 'Quick look',
    description: 'Two epochs of the shallow network, to see that everything works.',
    hyperparameters: { architecture: 'shallow', epochs: 2 },
  },
  {
    name: 'robust',
    title: 'Deep, against stain differences',
    description: 'Longer training with stain and brightness jitter, AdamW with warm-up and early stopping.',
    hyperparameters: {
      architecture: 'deep',
      epochs: 40,
      optimizer: 'adamw',
      weightDecay: 0.01,
      warmupEpochs: 2,
      augmentStain: 0.05,
      augmentBrightness: 0.1,
      earlyStoppingPatience: 8,
    },
  },
  {
    name: 'vbookshelf2018',
    title: 'vbookshelf 2018, on an honest split',
    description: 'The published network with its learning rate, dropout and plateau schedule.',
    hyperparameters: {
      architecture: 'vbookshelf2018',
      epochs: 60,
      learningRate: 1e-4,
      learningRateSchedule: 'plateau',
      dropoutRate: 0.3,
      augmentFlips: false,
    },
  },
];

/**
 * Checks and completes what a user asked for: every key is there afterwards. BAD_INPUT names each key that
 * is unknown or out of range, with its value and the range; `details.issues` lists them one by one.
 */
export function parseHyperparameters(input: unknown): Hyperparameters {
  const result = schema.safeParse(input ?? {});
  if (!result.success) {
    const issues = result.error.issues.flatMap((issue) =>
      describeHyperparameterIssue(issue, { input, schema: jsonSchema() }),
    );
    throw new AppError('BAD_INPUT', issues.join(' '), { details: { issues } });
  }
  const { warmupEpochs, epochs } = result.data;
  if (warmupEpochs > epochs) {
    const message = `Hyperparameter 'warmupEpochs' is ${warmupEpochs}: it cannot exceed 'epochs', which is ${epochs}.`;
    throw new AppError('BAD_INPUT', message, { details: { issues: [message] } });
  }
  return result.data;
}

/** Filled in for what a stored set lacks. */
const DEFAULTS: Hyperparameters = schema.parse({});

/** Only the JSON type of each key: ranges and choices may have been different when the set was stored. */
const storedSchema = z.looseObject(
  Object.fromEntries(Object.entries(DEFAULTS).map(([key, value]) => [key, typeOf(value).default(value)])),
);

/**
 * A run's stored set, completed with the keys that were added since. Throws zod's error when
 * it is not one. Whether it can be trained today is for `parseHyperparameters` to say.
 */
export function readStoredHyperparameters(stored: unknown): Hyperparameters {
  return storedSchema.parse(stored) as Hyperparameters;
}

/** The same schema as JSON Schema (draft 2020-12): descriptions, defaults and ranges for a form. */
export function hyperparameterJsonSchema(): Record<string, unknown> {
  return jsonSchema();
}

function jsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(schema, { io: 'input' }) as Record<string, unknown>;
}

function real({ fallback, min, above, max, about }: NumberKnob) {
  const upTo = z.number().max(max);
  const ranged = above === undefined ? upTo.min(min ?? 0) : upTo.gt(above);
  return ranged.describe(about).default(fallback);
}

function whole({ fallback, min = 0, max, about }: NumberKnob) {
  return z.number().int().min(min).max(max).describe(about).default(fallback);
}

function choice<const T extends readonly string[]>(values: T, fallback: T[number], about: string) {
  return z
    .enum(values)
    .describe(about)
    .default(fallback as never);
}

function typeOf(value: string | number | boolean): z.ZodType {
  if (typeof value === 'number') return z.number();
  return typeof value === 'boolean' ? z.boolean() : z.string();
}

function flag(fallback: boolean, about: string) {
  return z.boolean().describe(about).default(fallback);
}
