/**
 * The order in which a layer list is really computed. Activations are split off their layers, and one that
 * is followed by max pooling moves behind it: a rising function commutes with a maximum, value and gradient
 * alike, and after pooling there is a quarter of the work. Names stay those of the original layers.
 */
import type { Activation, Layer } from '@microtome/domain/network/layer';
import { nameLayer } from './layer-name.ts';

type PlannedLayer = { name: string; layer: Layer };

export function planLayers(layers: readonly Layer[], prefix: string): PlannedLayer[] {
  const planned = layers.flatMap((layer, index) => splitActivation(layer, nameLayer(prefix, index, layer)));
  for (let index = 1; index < planned.length; index++) {
    const before = planned[index - 1] as PlannedLayer;
    const here = planned[index] as PlannedLayer;
    if (before.layer.kind === 'activation' && here.layer.kind === 'maxPool2d') {
      planned[index - 1] = here;
      planned[index] = before;
    }
  }
  return planned;
}

function splitActivation(layer: Layer, name: string): PlannedLayer[] {
  if (!('activation' in layer) || layer.kind === 'activation' || layer.activation === 'linear') {
    return [{ name, layer }];
  }
  const linear: Layer = { ...layer, activation: 'linear' satisfies Activation };
  const activation: Layer = { kind: 'activation', activation: layer.activation };
  return [
    { name, layer: linear },
    { name: `${name}/${layer.activation}`, layer: activation },
  ];
}

/** Whether a patch's training output depends on the other patches of its batch. */
export function usesBatchNorm(layers: readonly Layer[]): boolean {
  return layers.some((layer) =>
    layer.kind === 'residual'
      ? usesBatchNorm(layer.body) || usesBatchNorm(layer.shortcut)
      : layer.kind === 'batchNorm',
  );
}
