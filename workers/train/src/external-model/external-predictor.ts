/**
 * The ONNX model of an external program, as it predicts here: fed as its program tells, checked against what the file says of
 * its input and output, in ONNX Runtime on the CPU. What goes wrong is the file's fault, and said in one sentence.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ModelSignature } from '@microtome/domain/model-check/model-check';
import { feedPixels, type ModelInput, readProbabilities } from '@microtome/domain/model-check/model-input';
import { countPixelBytes } from '@microtome/domain/slide/patch-pixels';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { sessionOptions } from '../engine/onnx/session-options.ts';
import type { Predictor } from '../model/predictor.ts';
import { fromHalf, toHalf } from './half-precision.ts';
import { checkOnnxFile } from './onnx-file.ts';
import { fitBatch, readSignature, shapeInput, takesAnyNumber } from './read-signature.ts';

const REASON_LENGTH_MAX = 300;

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
  const signature = readSignature(session, fitting.input);
  const batchPatches = fitBatch(signature, fitting);
  return {
    signature,
    async predict(images, count) {
      const patchBytes = countPixelBytes(fitting.patchSizePx);
      const probabilities = new Float64Array(count);
      for (let start = 0; start < count; start += batchPatches) {
        const patches = Math.min(batchPatches, count - start);
        // A model of a fixed number of patches gets the last ones with blank ones behind them.
        const fed = new Uint8Array((takesAnyNumber(signature.input) ? patches : batchPatches) * patchBytes);
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
  const tensor = feedTensor(images, { signature, input, patchSizePx });
  const given = await session
    .run({ [signature.input.name]: tensor }, [signature.output.name])
    .catch((error: unknown) => {
      const size = `${patches} patches of ${patchSizePx} x ${patchSizePx} pixels`;
      throw new AppError('BAD_INPUT', `The model cannot be run on ${size}: ${shorten(error)}`);
    });
  const values = readNumbers(given[signature.output.name]);
  const classes = values.length / patches;
  if (!Number.isInteger(classes) || classes < 1) {
    throw new AppError('BAD_INPUT', `The model gives ${values.length} numbers for ${patches} patches.`);
  }
  return readProbabilities(values, { input, classes });
}

function feedTensor(
  images: Uint8Array,
  { signature, input, patchSizePx }: Fitting & { signature: ModelSignature },
): Tensor {
  const patches = images.length / countPixelBytes(patchSizePx);
  const shape = shapeInput(input.layout, { patches, patchSizePx });
  const { type } = signature.input;
  if (type === 'uint8') return new Tensor('uint8', orderBytes(images, { input, patchSizePx }), shape);
  const fed = feedPixels(images, { input, patchSizePx });
  return type === 'float16' ? new Tensor('float16', toHalf(fed), shape) : new Tensor('float32', fed, shape);
}

function readNumbers(tensor: Tensor | undefined): Float32Array | Float64Array {
  const data = tensor?.data;
  return data instanceof Uint16Array ? fromHalf(data) : (data as Float32Array | Float64Array);
}

/** Bytes that enter as they are, in the order that the model takes. */
function orderBytes(images: Uint8Array, fitting: Fitting): Uint8Array {
  return fitting.input.layout === 'NHWC' ? images : Uint8Array.from(feedPixels(images, fitting));
}

function shorten(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ').trim();
  return text.length <= REASON_LENGTH_MAX ? text : `${text.slice(0, REASON_LENGTH_MAX - 1)}…`;
}
