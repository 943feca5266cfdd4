/** How this process measures a pair of runs: in the background, from cached predictions, each pair once. */
import type { MeasuredPair } from '@microtome/domain/comparison/paired-comparison';
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import type { PredictionSource } from '@microtome/store/evaluation/scored-predictions';
import type { Background } from '../background/background.ts';
import { createResultCache } from '../result-cache.ts';

const REMEMBERED_PAIRS = 400;

export function createPairMeans({
  background,
  predictions,
}: {
  background: Background;
  predictions: PredictionSource;
}): PairMeans {
  const measured = createResultCache<MeasuredPair | null>(REMEMBERED_PAIRS);
  return {
    compare: background.compare,
    source: predictions,
    remember: (key, measure) => measured.get(key, measure),
  };
}
