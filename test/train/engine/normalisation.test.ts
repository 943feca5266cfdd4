import * as tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { reflectStrip } from '../../../workers/train/src/batches/edge-strip.ts';
import { scaleColours, spreadColourScale } from '../../../workers/train/src/engine/colour-scale.ts';
import { measureNormalisation } from '../../../workers/train/src/engine/normalisation.ts';

describe('normalisation', () => {
  it('gives every channel of the measured patches mean 0 and standard deviation 1', async () => {
    await tf.setBackend('cpu');
    const sizePx = 2;
    const patches = [3, 5].map((step) =>
      Uint8Array.from({ length: sizePx ** 2 * 3 }, (_, at) => (at * 37 * step) % 256),
    );
    const scale = spreadColourScale(measureNormalisation(patches), sizePx);
    const rgb = tf.tensor4d(Float32Array.from(Buffer.concat(patches)), [2, sizePx, sizePx, 3]);
    const values = scaleColours(rgb, scale).dataSync() as Float32Array;
    for (const channel of [0, 1, 2]) {
      const own = values.filter((_, at) => at % 3 === channel);
      const mean = own.reduce((sum, value) => sum + value, 0) / own.length;
      const variance = own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length;
      expect(mean).toBeCloseTo(0, 6);
      expect(variance).toBeCloseTo(1, 5);
    }
  });

  it('does not depend on the order of the patches', () => {
    const patches = Array.from({ length: 40 }, (_, at) =>
      Uint8Array.from([at * 3, 255 - at, (at * 91) % 256]),
    );
    expect(measureNormalisation(patches)).toEqual(measureNormalisation([...patches].reverse()));
  });

  it('stays finite on a channel without variation', () => {
    const { sd } = measureNormalisation([Uint8Array.from([7, 7, 7, 7, 7, 7])]);
    expect(sd).toEqual([1 / 255, 1 / 255, 1 / 255]);
  });
});

describe('an edge strip', () => {
  it('is completed by mirroring, never stretched or padded', () => {
    const strip = { pixels: Uint8Array.from([1, 1, 1, 2, 2, 2]), widthPx: 2, heightPx: 1 };
    const reds = reflectStrip(strip, 5).filter((_, at) => at % 3 === 0);
    expect([...reds]).toEqual(
      [1, 2, 2, 1, 1].concat([1, 2, 2, 1, 1], [1, 2, 2, 1, 1], [1, 2, 2, 1, 1], [1, 2, 2, 1, 1]),
    );
  });
});
