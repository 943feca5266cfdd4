/**
 * How the model of an external program is fed and read, as its program tells: what becomes of a byte before it enters, in
 * which order the numbers lie, and how the numbers that come out are the probability of the positive side.
 */
import { z } from 'zod';
import { AppError } from '../app-error.ts';
import { calibrate } from '../metrics/calibration.ts';

const LAYOUTS = ['NHWC', 'NCHW'] as const;
const OUTPUTS = ['probability', 'logit'] as const;
const CHANNELS = 3;
const CLASSES_MAX = 10_000;
const OUTPUT_NAME_MAX = 200;

const channels = (fallback: number, about: string) =>
  z.array(z.number()).length(CHANNELS).default([fallback, fallback, fallback]).describe(about);

const modelInputSchema = z
  .strictObject({
    layout: z
      .enum(LAYOUTS)
      .default('NHWC')
      .describe(
        'Order of its input: patch, row, column, colour (NHWC) or patch, colour, row, column (NCHW).',
      ),
    scale: z.number().default(1).describe('A byte 0..255 is multiplied by this first.'),
    mean: channels(0, 'Then this is taken off, by colour (red, green, blue).'),
    std: channels(1, 'Then it is divided by this, by colour.'),
    output: z
      .enum(OUTPUTS)
      .default('probability')
      .describe('What it gives: a probability, or a logit (of several classes: their logits).'),
    positive: z
      .number()
      .int()
      .min(0)
      .max(CLASSES_MAX)
      .nullable()
      .default(null)
      .describe('Which of its numbers is of the positive side, from 0; null where it gives one a patch.'),
    outputName: z
      .string()
      .min(1)
      .max(OUTPUT_NAME_MAX)
      .nullable()
      .default(null)
      .describe(
        'Which of several outputs, by its name; null where one of them is told by its name or shape.',
      ),
    temperature: z.number().positive().default(1).describe('By what logits are divided.'),
  })
  .refine(({ std }) => std.every((one) => one > 0), { path: ['std'], message: 'must be above 0' })
  .refine(({ output, temperature }) => output === 'logit' || temperature === 1, {
    path: ['temperature'],
    message: 'divides logits, and the output is a probability',
  });

export type ModelInput = z.output<typeof modelInputSchema>;

/** Completes it with defaults. BAD_INPUT that names what does not fit. */
export function parseModelInput(told: unknown): ModelInput {
  const parsed = modelInputSchema.safeParse(told ?? {});
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map(({ path, message }) =>
    [path.join('.'), message].filter(Boolean).join(': '),
  );
  throw new AppError('BAD_INPUT', `How the model is fed does not fit. ${faults.join('. ')}.`);
}

/** A stored one. Throws zod's error when it is none. */
export function readStoredModelInput(stored: unknown): ModelInput {
  return modelInputSchema.parse(stored);
}

/** Whether its bytes enter as they are. */
export function feedsPlainBytes({ scale, mean, std }: ModelInput): boolean {
  return scale === 1 && mean.every((one) => one === 0) && std.every((one) => one === 1);
}

/** RGB bytes [patches, size, size, 3] as the floats that the model takes, in its own order. */
export function feedPixels(
  bytes: Uint8Array,
  { input, patchSizePx }: { input: ModelInput; patchSizePx: number },
): Float32Array {
  const { scale, mean, std, layout } = input;
  const places = patchSizePx ** 2;
  const fed = new Float32Array(bytes.length);
  // A byte has 256 values: each is worked out once a colour.
  const values = mean.map((off, channel) =>
    Float32Array.from({ length: 256 }, (_, byte) => (byte * scale - off) / std[channel]!),
  );
  for (let at = 0; at < bytes.length; at++) {
    const channel = at % CHANNELS;
    const patch = Math.floor(at / (places * CHANNELS));
    const place = Math.floor(at / CHANNELS) % places;
    const target = layout === 'NHWC' ? at : (patch * CHANNELS + channel) * places + place;
    fed[target] = values[channel]![bytes[at]!]!;
  }
  return fed;
}

/**
 * The probability of the positive side of each patch, from `classes` numbers a patch.
 * @throws AppError BAD_INPUT where it is not told which of several numbers is the positive side's
 */
export function readProbabilities(
  values: ArrayLike<number>,
  { input, classes }: { input: ModelInput; classes: number },
): Float64Array {
  const { output, positive, temperature } = input;
  if (classes > 1 && (positive === null || positive >= classes)) {
    const told = positive === null ? 'tell which one (`positive`)' : `number ${positive} is none of them`;
    throw new AppError('BAD_INPUT', `The model gives ${classes} numbers a patch: ${told}.`);
  }
  const column = classes > 1 ? positive! : 0;
  return Float64Array.from({ length: values.length / classes }, (_, patch) => {
    const value = values[patch * classes + column]!;
    if (output === 'probability') return value;
    if (classes === 1) return calibrate(value, temperature);
    // Softmax, with the asked class as the origin: nothing large is raised to a power.
    let others = 0;
    for (let other = 0; other < classes; other++) {
      if (other !== column) others += Math.exp((values[patch * classes + other]! - value) / temperature);
    }
    return 1 / (1 + others);
  });
}
