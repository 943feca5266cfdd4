/** Reads a stored model.json and its weights: the network's weights, its colour scale, its temperature. */
import { AppError } from '@microtome/domain/app-error';
import { z } from 'zod';
import type { NamedTensor } from '../engine/training-engine.ts';
import { isEnd, type ModelEnds, readEnds } from './model-ends.ts';
import type { SavedModel } from './saved-model.ts';

export type SavedNetwork = ModelEnds & { weights: NamedTensor[] };

const weightSpec = z.object({
  name: z.string(),
  shape: z.array(z.number().int().min(0)),
  dtype: z.literal('float32'),
});
const modelSchema = z.object({
  format: z.literal('layers-model'),
  weightsManifest: z.tuple([
    z.object({ paths: z.array(z.string()).length(1), weights: z.array(weightSpec) }),
  ]),
});

/** The inverse of `saveModel`, up to float32. BAD_INPUT when the bytes are not such a model. */
export function loadSavedModel(saved: SavedModel): SavedNetwork {
  const parsed = modelSchema.safeParse(JSON.parse(saved.modelJson.toString('utf8')));
  if (!parsed.success) {
    throw new AppError('BAD_INPUT', `The stored model.json is not valid: ${z.prettifyError(parsed.error)}`);
  }
  const tensors = readTensors(parsed.data.weightsManifest[0].weights, saved.weights);
  const take = (name: string) => {
    const tensor = tensors.find((candidate) => candidate.name === name);
    if (!tensor) throw new AppError('BAD_INPUT', `The stored model has no weight '${name}'.`);
    return tensor.values;
  };
  return { weights: tensors.filter(({ name }) => !isEnd(name)), ...readEnds(take) };
}

function readTensors(specs: z.output<typeof weightSpec>[], bytes: Buffer): NamedTensor[] {
  let at = 0;
  return specs.map(({ name, shape }) => {
    const length = shape.reduce((product, size) => product * size, 1) * Float32Array.BYTES_PER_ELEMENT;
    const slice = bytes.subarray(at, at + length);
    if (slice.length < length) {
      throw new AppError(
        'BAD_INPUT',
        `The stored weights end before '${name}': ${bytes.length} bytes are not all.`,
      );
    }
    at += length;
    return { name, shape, values: new Float32Array(Uint8Array.from(slice).buffer) };
  });
}
