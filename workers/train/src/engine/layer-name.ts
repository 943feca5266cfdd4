/** The names of layers and of their weights, which the model and every engine agree on. */
import type { Layer } from '@microtome/domain/network/layer';

/** `prefix` is '' or the name of the enclosing branch, ending in '/'; e.g. '03-conv2d', '05-residual/body/00-conv2d'. */
export function nameLayer(prefix: string, index: number, layer: Layer): string {
  return `${prefix}${String(index).padStart(2, '0')}-${layer.kind}`;
}
