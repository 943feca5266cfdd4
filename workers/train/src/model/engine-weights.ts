/** Putting a model's weights, e.g. the best ones, into an engine that trains. */
import { AppError } from '@microtome/domain/app-error';
import type { NamedTensor, TrainingEngine } from '../engine/training-engine.ts';

/**
 * Replaces the model's weights and keeps the optimizer as it is. BAD_INPUT names a weight that is missing or has
 * another shape.
 */
export async function putWeights(engine: TrainingEngine, weights: readonly NamedTensor[]): Promise<void> {
  const given = new Map(weights.map((tensor) => [tensor.name, tensor]));
  const wanted = await engine.weights();
  for (const { name, shape } of wanted) {
    const found = given.get(name);
    if (found && found.shape.join() === shape.join()) continue;
    const has = found ? `has the shape [${found.shape.join()}]` : 'is missing';
    throw new AppError(
      'BAD_INPUT',
      `Weight '${name}' of shape [${shape.join()}] ${has} in the stored model.`,
    );
  }
  const state = await engine.state();
  await engine.restore({
    ...state,
    tensors: state.tensors.map((tensor) => given.get(tensor.name) ?? tensor),
  });
}
