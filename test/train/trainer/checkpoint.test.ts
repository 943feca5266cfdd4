import { describe, expect, it } from 'vitest';
import {
  type Checkpoint,
  decodeCheckpoint,
  encodeCheckpoint,
} from '../../../workers/train/src/trainer/checkpoint.ts';

const checkpoint: Checkpoint = {
  runId: '0190b2a4-0000-7000-8000-000000000001',
  backend: 'onnx',
  batchSize: 12,
  epochsDone: 3,
  stepsDone: 51,
  history: [0.5, null, 0.1 + 0.2],
  bestEpoch: 1,
  normalisation: { mean: [0.7, 0.5, 0.6], sd: [0.1, 0.2, 1 / 3] },
  throughput: { patches: 600, seconds: 1.25 },
  engine: {
    randomState: 4294967295,
    tensors: [
      { name: 'conv/kernel', shape: [2, 2], values: Float32Array.from([1.5, -0, Number.NaN, 1e-42]) },
      { name: 'step', shape: [], values: Float32Array.from([51]) },
    ],
  },
  bestWeights: [{ name: 'conv/kernel', shape: [2, 2], values: Float32Array.from([0.1, 0.2, 0.3, 0.4]) }],
};

describe('a checkpoint', () => {
  it('comes back bit for bit', () => {
    const back = decodeCheckpoint(encodeCheckpoint(checkpoint));
    expect(back).toEqual(checkpoint);
    const bits = (values: Float32Array) => [...new Uint32Array(values.buffer)];
    expect(bits(back.engine.tensors[0]!.values)).toEqual(bits(checkpoint.engine.tensors[0]!.values));
  });

  it('is a function of what it holds: the same state gives the same bytes', () => {
    expect(encodeCheckpoint(checkpoint).equals(encodeCheckpoint(structuredClone(checkpoint)))).toBe(true);
  });

  it('is refused with a sentence when it was cut short anywhere, or is something else', () => {
    const bytes = encodeCheckpoint(checkpoint);
    for (const length of [0, 10, 30, bytes.length - 1]) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length))).toThrow(/checkpoint/);
    }
    expect(() => decodeCheckpoint(Buffer.concat([bytes, Buffer.from([0])]))).toThrow(/not whole/);
    expect(() =>
      decodeCheckpoint(Buffer.from('PK\u0003\u0004 this is a zip file, not a checkpoint')),
    ).toThrow(/mark/);
  });
});
