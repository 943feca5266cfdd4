/**
 * The ONNX model of an external program, as it predicts here: fed as its program tells, checked against what the file says of
 * its input and output, in ONNX Runtime on the CPU. What goes wrong is the file's fault, and said in one sentence.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ModelSignature } from '@microtome/domain/model-check/model-check';
import {
  feedPixels,
  feedsPlainBytes,
  type ModelInput,
  readProbabilities,
} from '@microtome/domain/model-check/model-input';
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../engine/onnx/session-options.ts';
import type { Predictor } from '../model/predictor.ts';
import { checkOnnxFile } from './onnx-file.ts';

/** Patches that go in at once where the model takes any number. */
const BATCH_PATCHES = 64;
/** A model of a fixed number beyond it is none of patches. */
const FIXED_PATCHES_MAX = 4_096;
const REASON_LENGTH_MAX = 300;
const INPUT_TYPES = ['float32', 'uint8'];
const OUTPUT_TYPES = ['float32', 'float64'];

type Fitting = { input: ModelInput; patchSizePx: number };

type ExternalPredictor = Predictor & { readonly signature: ModelSignature };

/** BAD_INPUT for a file that is no model, or none of such patches. */
export async function openExternalPredictor(
  bytes: Uint8Array,
  { threads, ...fitting }: Fitting & { threads?: number | undefined },
): Promise<ExternalPredictor> {
  checkOnnxFile(bytes);
  const options = sessionOptions(threads);
  const session = await InferenceSession.create(bytes, {
    ...options,
    extra: { session: { ...(options.extra?.session as object), load_model_format: 'ONNX' } },
  }).catch((error: unknown) => {
    throw new AppError('BAD_INPUT', `ONNX Runtime cannot load the model: ${shorten(error)}`);
  });
  const signature = readSignature(session);
  const batchPatches = fitBatch(signature, fitting);
  return {
    signature,
    async predict(images, count) {
      const patchBytes = countPixelBytes(fitting.patchSizePx);
      const probabilities = new Float64Array(count);
      for (let start = 0; start < count; start += batchPatches) {
        const patches = Math.min(batchPatches, count - start);
        // A model of a fixed number of patches gets the last ones with blank ones behind them.
        const fed = new Uint8Array((isFree(signature.input.shape[0]) ? patches : batchPatches) * patchBytes);
        fed.set(images.subarray(start * patchBytes, (start + patches) * patchBytes));
        const read = await runBatch(session, fed, { signature, ...fitting });
        probabilities.set(read.subarray(0, patches), start);
      }
      return probabilities;
    },
    dispose: () => session.release(),
  };
}

async function runBatch(
  session: InferenceSession,
  images: Uint8Array,
  { signature, input, patchSizePx }: Fitting & { signature: ModelSignature },
): Promise<Float64Array> {
  const patches = images.length / countPixelBytes(patchSizePx);
  const shape = shapeInput(input, { patches, patchSizePx });
  const tensor =
    signature.input.type === 'uint8'
      ? new Tensor('uint8', orderBytes(images, { input, patchSizePx }), shape)
      : new Tensor('float32', feedPixels(images, { input, patchSizePx }), shape);
  const given = await session.run({ [signature.input.name]: tensor }).catch((error: unknown) => {
    const size = `${patches} patches of ${patchSizePx} x ${patchSizePx} pixels`;
    throw new AppError('BAD_INPUT', `The model cannot be run on ${size}: ${shorten(error)}`);
  });
  const values = given[signature.output.name]?.data as Float32Array | Float64Array;
  const classes = values.length / patches;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new AppError('BAD_INPUT', `The model gives ${values.length} numbers for ${patches} patches.`);
  }
  return readProbabilities(values, { input, classes });
}

/** Bytes that enter as they are, in the order that the model takes. */
function orderBytes(images: Uint8Array, fitting: Fitting): Uint8Array {
  return fitting.input.layout === 'NHWC' ? images : Uint8Array.from(feedPixels(images, fitting));
}

function shapeInput(
  { layout }: ModelInput,
  { patches, patchSizePx: size }: { patches: number; patchSizePx: number },
): number[] {
  return layout === 'NHWC' ? [patches, size, size, RGB_CHANNELS] : [patches, RGB_CHANNELS, size, size];
}

/** BAD_INPUT where it takes or gives more than one tensor, or what is none. */
function readSignature(session: InferenceSession): ModelSignature {
  const read = (
    kind: 'input' | 'output',
    told: readonly InferenceSession.ValueMetadata[],
    types: string[],
  ) => {
    const verb = kind === 'input' ? 'takes' : 'gives';
    const [value] = told;
    if (!value || told.length !== 1) {
      const names = told.map(({ name }) => name).join(', ');
      throw new AppError(
        'BAD_INPUT',
        `The model ${verb} ${told.length} values (${names}): one is asked for.`,
      );
    }
    if (!value.isTensor || !types.includes(value.type)) {
      const type = value.isTensor ? value.type : 'no tensor';
      throw new AppError(
        'BAD_INPUT',
        `The model ${verb} ${type} ('${value.name}'): ${types.join(' or ')} is asked for.`,
      );
    }
    return { name: value.name, type: value.type, shape: [...value.shape] };
  };
  return {
    input: read('input', session.inputMetadata, INPUT_TYPES),
    output: read('output', session.outputMetadata, OUTPUT_TYPES),
  };
}

/** How many patches go in at once. BAD_INPUT where patches of this size do not fit. */
function fitBatch({ input: told }: ModelSignature, { input, patchSizePx }: Fitting): number {
  const asked = shapeInput(input, { patches: 1, patchSizePx });
  const fits =
    told.shape.length === asked.length &&
    told.shape.every(
      (size, at) => isFree(size) || (at === 0 ? Number(size) <= FIXED_PATCHES_MAX : size === asked[at]),
    );
  if (!fits) {
    throw new AppError(
      'BAD_INPUT',
      `The model takes '${told.name}' of ${describeShape(told.shape)}; as it is told to be fed, patches have ` +
        `${describeShape(['N', ...asked.slice(1)])} (${input.layout}).`,
    );
  }
  if (told.type === 'uint8' && !feedsPlainBytes(input)) {
    throw new AppError(
      'BAD_INPUT',
      `The model takes bytes ('${told.name}'), which enter as they are: scale, mean and std do not apply.`,
    );
  }
  const [patches] = told.shape;
  return isFree(patches) ? BATCH_PATCHES : (patches as number);
}

function isFree(size: number | string | undefined): boolean {
  return typeof size !== 'number' || size < 1;
}

function describeShape(shape: readonly (number | string)[]): string {
  return `[${shape.map((size) => (isFree(size) ? 'N' : size)).join(', ')}]`;
}

function shorten(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  return text.length <= REASON_LENGTH_MAX ? text : `${text.slice(0, REASON_LENGTH_MAX - 1)}…`;
}
