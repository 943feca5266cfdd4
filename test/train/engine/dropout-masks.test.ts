/** The draws of dropout by WebAssembly are those of the domain's generator, one by one. */
import { createRandom } from '@microtome/domain/seeded-random';
import { createMaskSource } from '@microtome/train/engine/dropout-masks';
import fc from 'fast-check';
import { expect, it } from 'vitest';

const rate = fc.oneof(fc.constantFrom(0, 0.25, 0.5, 0.75), fc.double({ min: 0, max: 0.95, noNaN: true }));
const mask = fc.record({ size: fc.integer({ min: 1, max: 70 }), rate });
const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

it('drops the units that the generator says, mask after mask and step after step', () => {
  fc.assert(
    fc.property(seed, fc.array(mask, { minLength: 1, maxLength: 3 }), (from, masks) => {
      const [source, random] = [createMaskSource(from), createRandom(from)];
      for (const _step of [1, 2]) {
        const drawn = source.draw(masks);
        const expected = masks.map(({ size, rate }) =>
          Float32Array.from({ length: size }, () => (random.next() < rate ? 0 : 1 / (1 - rate))),
        );
        expect(drawn.map((values) => [...values])).toEqual(expected.map((values) => [...values]));
        expect(source.state()).toBe(random.state());
      }
    }),
  );
});

it('has room for more than a page of memory, and goes on from its state', () => {
  const masks = [
    { size: 70_001, rate: 0.3 },
    { size: 5, rate: 0.5 },
  ];
  const source = createMaskSource(9);
  source.draw(masks);
  const resumed = createMaskSource(source.state());
  const [large, small] = source.draw(masks).map((values) => values.slice());
  expect(resumed.draw(masks)).toEqual([large, small]);
  expect((large as Float32Array).filter((value) => value === 0).length / 70_001).toBeCloseTo(0.3, 1);
});
