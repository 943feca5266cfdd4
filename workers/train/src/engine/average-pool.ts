/**
 * Average pooling with its true gradient. At a padded border the forward pass divides by the pixels that are
 * there, but the gradient kernel of TensorFlow.js divides by the whole window; the gradient is therefore
 * scaled up to match before it reaches that kernel.
 */
import type { Layer } from '@microtome/domain/network/layer';
import * as tf from '@tensorflow/tfjs';

type AveragePool = Extract<Layer, { kind: 'maxPool2d' | 'avgPool2d' }>;

/** [n, h, w, c] to [n, h', w', c]. */
export function poolAverage(x: tf.Tensor4D, { sizePx, stridePx, padding }: AveragePool): tf.Tensor4D {
  if (padding === 'valid') return tf.avgPool(x, sizePx, stridePx, padding);
  const attributes = { filterSize: sizePx, strides: stridePx, pad: padding };
  const pool = tf.customGrad((input, save) => {
    (save as (tensors: tf.Tensor[]) => void)([input as tf.Tensor]);
    return {
      value: tf.avgPool(input as tf.Tensor4D, sizePx, stridePx, padding),
      gradFunc: (dy, [saved]) => {
        const info = tf.backend_util.computePool2DInfo(x.shape, sizePx, stridePx, 1, padding);
        const shares = countShares(info);
        const scaled = tf.mul(dy as tf.Tensor, tf.tensor4d(shares.values, shares.shape));
        const inputs = { dy: scaled, input: saved as tf.Tensor };
        return tf.engine().runKernel('AvgPoolGrad', inputs, attributes) as tf.Tensor;
      },
    };
  });
  return pool(x) as tf.Tensor4D;
}

/** Size of a window over how many of its pixels lie inside the image, [1, h', w', 1]. */
export function countShares(info: tf.backend_util.Conv2DInfo): {
  values: number[];
  shape: [number, number, number, number];
} {
  const { filterHeight, filterWidth, strideHeight, strideWidth, padInfo } = info;
  const rows = countInside({
    positions: info.outHeight,
    before: padInfo.top,
    lengthPx: info.inHeight,
    sizePx: filterHeight,
    stridePx: strideHeight,
  });
  const columns = countInside({
    positions: info.outWidth,
    before: padInfo.left,
    lengthPx: info.inWidth,
    sizePx: filterWidth,
    stridePx: strideWidth,
  });
  const values = rows.flatMap((row) =>
    columns.map((column) => (filterHeight * filterWidth) / (row * column)),
  );
  return { values, shape: [1, rows.length, columns.length, 1] };
}

/** Pixels of each window of one axis that lie inside. */
function countInside(axis: {
  positions: number;
  before: number;
  lengthPx: number;
  sizePx: number;
  stridePx: number;
}): number[] {
  return Array.from({ length: axis.positions }, (_, position) => {
    const start = position * axis.stridePx - axis.before;
    return Math.min(start + axis.sizePx, axis.lengthPx) - Math.max(start, 0);
  });
}
