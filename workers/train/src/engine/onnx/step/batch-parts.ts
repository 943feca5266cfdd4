/**
 * Whether a step computes its batch in parts: halves that each take one thread, or half of the threads. Threads then meet
 * once a step in place of once an operation, and a half of the images lies nearer to the core. Only networks without
 * batch norm allow it, whose images do not depend on each other. The network and its batch decide, never the number of
 * threads: a run that one thread trains is the one that two train, bit for bit.
 */
import type { Layer } from '@microtome/domain/network/layer';
import { usesBatchNorm } from '../../layer-plan.ts';

const PARTS = 2;
/** Of smaller parts the operations themselves cost more than the threads' meeting. */
const FEWEST_PIXELS = 32_768;

type Batch = {
  layers: readonly Layer[];
  patchSizePx: number;
  batchSize: number;
  /** Channels that the blocked layout takes together; 1 where there is none. */
  channelBlock: number;
};

/** How many equal parts the batch has; 1 = it stays whole. */
export function countParts({ layers, patchSizePx, batchSize, channelBlock }: Batch): number {
  const size = batchSize / PARTS;
  if (usesBatchNorm(layers) || !Number.isInteger(size) || size * patchSizePx ** 2 < FEWEST_PIXELS) return 1;
  // Filters' gradients have images in the place of channels, which the runtime takes by whole blocks or by few.
  return !fillsBlocks(size, channelBlock) && fillsBlocks(batchSize, channelBlock) ? 1 : PARTS;
}

function fillsBlocks(images: number, channelBlock: number): boolean {
  return images < channelBlock || images % channelBlock === 0;
}

/** Threads of each part's operations. Where they do not come out even there is one too many. */
export function countThreads(threads: number, parts: number): number {
  return Math.ceil(threads / parts);
}
