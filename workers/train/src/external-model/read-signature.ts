/**
 * What a stranger's model takes and gives, as its file says, and whether patches fit: one input, and of its outputs the one that
 * is told, or the one that says by its name or its shape that it is the answer. Anything else is said in one sentence.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ModelSignature } from '@microtome/domain/model-check/model-check';
import { feedsPlainBytes, type ModelInput } from '@microtome/domain/model-check/model-input';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import type { InferenceSession } from 'onnxruntime-node';

/** Patches that go in at once where the model takes any number. */
const BATCH_PATCHES = 64;
/** A model of a fixed number beyond it is none of patches. */
const FIXED_PATCHES_MAX = 4_096;
const INPUT_TYPES = ['float32', 'float16', 'uint8'];
const OUTPUT_TYPES = ['float32', 'float16', 'float64'];
/** How exporters call what a model answers; of a model that gives more, the class it decided for say. */
const ANSWER_NAMES: Record<ModelInput['output'], RegExp> = {
  probability: /(^|[^a-z])(prob(s|a|as|ability|abilities)?|scores?|softmax|sigmoid)($|[^a-z])/i,
  logit: /(^|[^a-z])logits?($|[^a-z])/i,
};

type Value = InferenceSession.ValueMetadata;

/** BAD_INPUT where it takes more than one tensor, or it cannot be told which of several is the answer. */
export function readSignature(session: InferenceSession, input: ModelInput): ModelSignature {
  return {
    input: describeTensor(chooseInput(session.inputMetadata), 'takes', INPUT_TYPES),
    output: describeTensor(chooseOutput(session.outputMetadata, input), 'gives', OUTPUT_TYPES),
  };
}

function chooseInput(told: readonly Value[]): Value {
  const [value, other] = told;
  if (value && !other) return value;
  throw new AppError('BAD_INPUT', `The model takes ${listValues(told)}: one is asked for.`);
}

function chooseOutput(told: readonly Value[], { output, outputName }: ModelInput): Value {
  const [first, second] = told;
  if (outputName !== null) {
    const named = told.find(({ name }) => name === outputName);
    if (named) return named;
    throw new AppError('BAD_INPUT', `The model gives ${listValues(told)}, and none called '${outputName}'.`);
  }
  if (first && !second) return first;
  const numbers = told.filter((value) => value.isTensor && OUTPUT_TYPES.includes(value.type));
  const named = numbers.filter(({ name }) => ANSWER_NAMES[output].test(name));
  // A map of features has more axes than a patch and its numbers.
  const flat = numbers.filter((value) => value.isTensor && value.shape.length <= 2);
  for (const found of [named, flat, numbers]) {
    if (found.length === 1 && found[0]) return found[0];
  }
  throw new AppError(
    'BAD_INPUT',
    `The model gives ${listValues(told)}: tell which one is the ${output} (\`outputName\`).`,
  );
}

function listValues(told: readonly Value[]): string {
  const described = told.map((value) =>
    value.isTensor
      ? `${value.name}: ${value.type} ${describeShape(value.shape)}`
      : `${value.name}: no tensor`,
  );
  return `${told.length} values (${described.join(', ')})`;
}

function describeTensor(value: Value, verb: 'takes' | 'gives', types: string[]): ModelSignature['input'] {
  if (value.isTensor && types.includes(value.type)) {
    return { name: value.name, type: value.type, shape: [...value.shape] };
  }
  const type = value.isTensor ? value.type : 'no tensor';
  const asked = `${types.slice(0, -1).join(', ')} or ${types.at(-1)}`;
  throw new AppError('BAD_INPUT', `The model ${verb} ${type} ('${value.name}'): ${asked} is asked for.`);
}

export function shapeInput(
  layout: ModelInput['layout'],
  { patches, patchSizePx: size }: { patches: number; patchSizePx: number },
): number[] {
  return layout === 'NHWC' ? [patches, size, size, RGB_CHANNELS] : [patches, RGB_CHANNELS, size, size];
}

/** How many patches go in at once. BAD_INPUT where patches of this size do not fit. */
export function fitBatch(
  { input: told }: ModelSignature,
  { input, patchSizePx }: { input: ModelInput; patchSizePx: number },
): number {
  const asked = shapeInput(input.layout, { patches: 1, patchSizePx });
  if (!fits(told.shape, asked)) {
    const other = input.layout === 'NHWC' ? 'NCHW' : 'NHWC';
    const help = fits(told.shape, shapeInput(other, { patches: 1, patchSizePx }))
      ? ` Told as ${other} (\`layout\`) it fits.`
      : '';
    throw new AppError(
      'BAD_INPUT',
      `The model takes '${told.name}' of ${describeShape(told.shape)}; as it is told to be fed, patches have ` +
        `${describeShape(['N', ...asked.slice(1)])} (${input.layout}).${help}`,
    );
  }
  if (told.type === 'uint8' && !feedsPlainBytes(input)) {
    throw new AppError(
      'BAD_INPUT',
      `The model takes bytes ('${told.name}'), which enter as they are: scale, mean and std do not apply.`,
    );
  }
  const [patches] = told.shape;
  return takesAnyNumber(told) ? BATCH_PATCHES : (patches as number);
}

export function takesAnyNumber({ shape }: ModelSignature['input']): boolean {
  return isFree(shape[0]);
}

function fits(told: readonly (number | string)[], asked: readonly number[]): boolean {
  return (
    told.length === asked.length &&
    told.every(
      (size, at) => isFree(size) || (at === 0 ? Number(size) <= FIXED_PATCHES_MAX : size === asked[at]),
    )
  );
}

function isFree(size: number | string | undefined): boolean {
  return typeof size !== 'number' || size < 1;
}

function describeShape(shape: readonly (number | string)[]): string {
  return `[${shape.map((size) => (isFree(size) ? 'N' : size)).join(', ')}]`;
}
