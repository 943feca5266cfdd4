/** How this process measures a pair of runs: in the background, from cached predictions, each pair once. */
import type { MeasuredPair } from '@microtome/domain/comparison/paired-comparison';
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import {
  type ContextServices,
  readContext,
  readContextStep,
  readExamContext,
} from '../evaluation/context-reading.ts';
import { createResultCache } from '../result-cache.ts';

const REMEMBERED_PAIRS = 400;

export function createPairMeans(services: ContextServices): PairMeans {
  const { background, predictions } = services;
  const measured = createResultCache<MeasuredPair | null>(REMEMBERED_PAIRS);
  return {
    compare: background.compare,
    source: predictions,
    remember: (key, measure) => measured.get(key, measure),
    readStep: (runId) => readContextStep(services, runId),
    putInContext: background.putInContext,
    readContext: (evaluation) => readContext(services, evaluation),
    readExamContext: (exam) => readExamContext(services, exam),
  };
}
