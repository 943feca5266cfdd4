/**
 * Where dropout masks come from: one seeded stream whose state goes into the checkpoint, so that a resumed
 * run drops the very units that an undisturbed one would have dropped. (A seeded dropout layer of
 * TensorFlow.js repeats one mask for ever; an unseeded one cannot be repeated at all.)
 */
import { createRandom } from '@microtome/domain/seeded-random';

export type MaskSource = {
  /** Entries are 0 with probability `rate`, else 1 / (1 - rate), so that the expected sum stays the same. */
  draw(mask: { size: number; rate: number }): Float32Array;
  /** uint32, from which `createMaskSource` goes on. */
  state(): number;
};

export function createMaskSource(seedOrState: number): MaskSource {
  const random = createRandom(seedOrState);
  return {
    draw({ size, rate }) {
      const kept = 1 / (1 - rate);
      const mask = new Float32Array(size);
      // A plain loop: filled by a callback, a million entries take four times as long.
      for (let unit = 0; unit < size; unit++) mask[unit] = random.next() < rate ? 0 : kept;
      return mask;
    },
    state: () => random.state(),
  };
}
