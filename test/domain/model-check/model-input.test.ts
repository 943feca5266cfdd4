/** How a stranger's model is fed and read, and which patches it is checked on. */
import { compareProbabilities, refuseFinding } from '@microtome/domain/model-check/model-check';
import { feedPixels, parseModelInput, readProbabilities } from '@microtome/domain/model-check/model-input';
import { samplePatches } from '@microtome/domain/model-check/sample-patches';
import { expect, it } from 'vitest';

it('puts bytes where a layout wants them, each colour by its own mean and deviation', () => {
  // Two patches of 1 x 1 and one of 2 x 2 pixels, red, green and blue.
  const two = Uint8Array.of(10, 20, 30, 40, 50, 60);
  const input = parseModelInput({ scale: 0.1, mean: [1, 2, 0], std: [1, 2, 3] });
  expect([...feedPixels(two, { input, patchSizePx: 1 })]).toEqual([0, 0, 1, 3, 1.5, 2]);
  const four = Uint8Array.from({ length: 12 }, (_, at) => at);
  const byColour = parseModelInput({ layout: 'NCHW' });
  expect([...feedPixels(four, { input: byColour, patchSizePx: 2 })]).toEqual([
    0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11,
  ]);
});

it('reads one probability, one logit, or the one that is asked for of several', () => {
  const read = (told: object, values: number[], classes: number) =>
    [...readProbabilities(values, { input: parseModelInput(told), classes })].map((one) =>
      Number(one.toFixed(6)),
    );
  expect(read({}, [0.25, 1], 1)).toEqual([0.25, 1]);
  expect(read({ output: 'logit' }, [0, Math.log(3)], 1)).toEqual([0.5, 0.75]);
  expect(read({ output: 'logit', temperature: 2 }, [2 * Math.log(3)], 1)).toEqual([0.75]);
  expect(read({ output: 'logit', positive: 1 }, [0, Math.log(3)], 2)).toEqual([0.75]);
  expect(read({ output: 'logit', positive: 2 }, [0, 0, 0], 3)).toEqual([0.333333]);
  expect(read({ output: 'logit', positive: 0 }, [800, -800], 2)).toEqual([1]);
  expect(read({ positive: 1 }, [0.25, 0.75, 1, 0], 2)).toEqual([0.75, 0]);
  expect(() => read({}, [0.25, 0.75], 2)).toThrow('gives 2 numbers a patch: tell which one');
  expect(() => read({ positive: 2 }, [0.25, 0.75], 2)).toThrow('number 2 is none of them');
});

it('takes all of a small side, and patients in turns of a large one, the same for the same file', () => {
  expect([...samplePatches([0, 1, 1], { seed: 1 })]).toEqual([0, 1, 2]);
  const patients = Array.from({ length: 300 }, (_, at) => (at < 280 ? 0 : at < 297 ? 1 : 2));
  const sample = samplePatches(patients, { seed: 7, max: 30 });
  const counts = [0, 1, 2].map((patient) => [...sample].filter((at) => patients[at] === patient).length);
  expect(counts).toEqual([14, 13, 3]);
  expect([...sample]).toEqual([...sample].toSorted((a, b) => a - b));
  expect(samplePatches(patients, { seed: 7, max: 30 })).toEqual(sample);
  expect(samplePatches(patients, { seed: 8, max: 30 })).not.toEqual(sample);
});

it('finds the patch that differs most, and lets through what arithmetic explains', () => {
  const indexes = Int32Array.of(4, 9, 11);
  const uploaded = Float64Array.of(0.1, 0.5, 0.9);
  const compare = (...computed: number[]) =>
    compareProbabilities({ indexes, uploaded, computed: Float64Array.from(computed) });
  const finding = compare(0.1, 0.52, 0.9001);
  expect(finding).toMatchObject({ patches: 3, worstPatch: 9 });
  expect(refuseFinding(finding)).toContain(
    'on 3 patches they differ by up to 0.0200 (patch 9), and 0.001 is allowed',
  );
  expect(refuseFinding(compare(0.1005, 0.5, 0.9))).toBeNull();
  expect(() => compare(0.1, Number.NaN, 0.9)).toThrow('gives NaN for patch 9, which is no probability');
  expect(refuseFinding({ patches: 0, maxDifference: 0, worstPatch: 0 })).toContain('There is no patch');
});
