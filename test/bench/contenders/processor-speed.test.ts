/** What a step is said to cost decides the share of the processor that the benchmark prints. */
import type { Layer } from '@microtome/domain/network/layer';
import { describe, expect, it } from 'vitest';
import { countPatchFlops } from './processor-speed.ts';

const CONVOLUTION = 2 * 10 * 10 * 3 * 8;
const DENSE = 2 * 8 * 4;

function network({ isGiven }: { isGiven: boolean }): Layer[] {
  const given = isGiven ? { given: { weights: new Float32Array(24), biases: null } } : {};
  return [
    {
      kind: 'conv2d',
      filters: 8,
      kernelSizePx: 1,
      stridePx: 1,
      padding: 'valid',
      useBias: false,
      activation: 'relu',
      ...given,
    } as Layer,
    { kind: 'globalAveragePool2d' },
    { kind: 'dense', units: 4, activation: 'linear' },
  ];
}

describe('the operations of a patch', () => {
  it('are two a multiply-add forward, and once more by weights and by what a layer takes in', () => {
    expect(countPatchFlops(network({ isGiven: false }), 10)).toEqual({
      inference: CONVOLUTION + DENSE,
      training: 2 * CONVOLUTION + 3 * DENSE,
    });
  });

  it('have no gradient where nothing is trained', () => {
    expect(countPatchFlops(network({ isGiven: true }), 10).training).toBe(CONVOLUTION + 2 * DENSE);
  });
});
