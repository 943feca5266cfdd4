/**
 * Average pooling with its true gradient. At a padded border the forward pass divides by the pixels that are
 * there, but the gradient kernel of TensorFlow.js divides by the whole window; the gradient is therefore
 * scaled up to match before it reaches that kernel. Native TensorFlow divides rightly by itself.
 */
import type { Layer } from '@microtome/domain/layer';
import * as tf from '@tensorflow/tfjs';

type AveragePool = Extract<Layer, { kind: 'maxPool2d' | 'avgPool2d' }>;

/** [n, h, w, c] to [n, h', w', c]. */
export function poolAverage(x: tf.Tensor4D, { sizePx, stridePx, padding }: AveragePool): tf.Tensor4D {
  if (padding === 'valid' || tf.getBackend() === 'tensorflow') {
    return tf.avgPool(x, sizePx, stridePx, padding);
  }
  const attributes = { filterSize: sizePx, strides: stridePx, pad: padding };
  const pool = tf.customGrad((input, save) => {
    (save as (tensors: tf.Tensor[]) => void)([input as tf.Tensor]);
    return {
      value: tf.avgPool(input as tf.Tensor4D, sizePx, stridePx, padding),
      gradFunc: (dy, [saved]) => {
        const scaled = tf.mul(dy as tf.Tensor, countShares(x.shape, { sizePx, stridePx, padding }));
        const inputs = { dy: scaled, input: saved as tf.Tensor };
        return tf.engine().runKernel('AvgPoolGrad', inputs, attributes) as tf.Tensor;
      },
    };
  });
  return pool(x) as tf.Tensor4D;
}

/** [1, h', w', 1]: size of the window over how many of its pixels lie inside the image. */
function countShares(
  shape: [number, number, number, number],
  { sizePx, stridePx, padding }: Pick<AveragePool, 'sizePx' | 'stridePx' | 'padding'>,
): tf.Tensor4D {
  const info = tf.backend_util.computePool2DInfo(shape, sizePx, stridePx, 1, padding);
  const rows = countInside({ positions: info.outHeight, before: info.padInfo.top, lengthPx: info.inHeight });
  const columns = countInside({
    positions: info.outWidth,
    before: info.padInfo.left,
    lengthPx: info.inWidth,
  });
  const values = rows.flatMap((row) => columns.map((column) => sizePx ** 2 / (row * column)));
  return tf.tensor4d(values, [1, rows.length, columns.length, 1]);

  function countInside(axis: { positions: number; before: number; lengthPx: number }): number[] {
    return Array.from({ length: axis.positions }, (_, position) => {
      const start = position * stridePx - axis.before;
      return Math.min(start + sizePx, axis.lengthPx) - Math.max(start, 0);
    });
  }
}
