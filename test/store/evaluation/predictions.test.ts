import { decodePredictions, encodePredictions } from '@microtome/store/evaluation/predictions';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('predictions as a file', () => {
  it('come back to the last bit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 1000 }),
        (values, first) => {
          const probabilities = Float64Array.from(values);
          const patchIndexes = Int32Array.from(values, (_, at) => first + 3 * at);
          const encoded = encodePredictions({ patchIndexes, probabilities });
          // Bytes that begin anywhere, as those of a pooled Buffer do.
          const shifted = new Uint8Array(encoded.length + 5).subarray(5);
          shifted.set(encoded);
          expect(decodePredictions(shifted)).toEqual({ patchIndexes, probabilities });
        },
      ),
    );
  });

  it('are refused when they are not in order, not probabilities or not whole', () => {
    const encode = (indexes: number[], values: number[]) =>
      encodePredictions({ patchIndexes: Int32Array.from(indexes), probabilities: Float64Array.from(values) });
    expect(() => encode([1, 1], [0, 0])).toThrow('numbers must rise');
    expect(() => encode([1], [1.01])).toThrow('it must lie in [0, 1]');
    expect(() => encode([1], [Number.NaN])).toThrow('it must lie in [0, 1]');
    expect(() => encode([1, 2], [0.5])).toThrow('2 patches but 1 probabilities');
    expect(() => decodePredictions(encode([1, 2], [0.5, 0.6]).subarray(0, -1))).toThrow('cannot be read');
    expect(() => decodePredictions(new TextEncoder().encode('no predictions at all'))).toThrow(
      'are no predictions',
    );
    expect(() => decodePredictions(new Uint8Array())).toThrow('are no predictions');
  });
});
