/** What every resolver gets: the store, the loaders of this request, and the services of this process. */
import type { SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import type { Listener } from '@microtome/store/database/listen';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import { createStatistics, type Statistics } from '../background/background.ts';
import { createSplitAudits, type SplitAudits } from '../background/split-audits.ts';
import { type CompareCached, createCachedComparison } from '../comparison/cached-comparison.ts';
import type { PairStatistics } from '../comparison/paired-comparison.ts';
import type { ImportRoots } from '../dataset/import-roots.ts';
import type { EvaluationPicture } from '../evaluation/evaluation-picture.ts';
import { createPredictionReader, type PredictionReader } from '../evaluation/run-predictions.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import { createLoaders, type Loaders } from './loaders.ts';

const CACHED_EVALUATION_PICTURES = 400;
const CACHED_PAIRS = 400;

/** What lives as long as the process. */
export type ApiServices = {
  store: Store;
  listener: Listener;
  statistics: Statistics;
  predictions: PredictionReader;
  /** Results that stay right because what they are made of never changes. */
  compare: CompareCached;
  pairStatistics: ResultCache<PairStatistics | null>;
  evaluationPictures: ResultCache<EvaluationPicture>;
  subgroups: ResultCache<SubgroupDivision[]>;
  importRoots: ImportRoots;
  audits: SplitAudits;
  startedAt: Date;
  log: Logger;
};

export type ApiContext = ApiServices & {
  requestId: string;
  loaders: Loaders;
  /** Aborted when the process stops: subscriptions end then. */
  signal: AbortSignal;
};

/** Opens what this process adds to the store; `audits` and `statistics` are to be closed at the end. */
export function createServices(
  given: Pick<ApiServices, 'store' | 'listener' | 'importRoots' | 'log'>,
): ApiServices {
  const statistics = createStatistics();
  return {
    ...given,
    statistics,
    predictions: createPredictionReader(given.store),
    compare: createCachedComparison(statistics),
    pairStatistics: createResultCache(CACHED_PAIRS),
    evaluationPictures: createResultCache(CACHED_EVALUATION_PICTURES),
    subgroups: createResultCache(CACHED_EVALUATION_PICTURES),
    audits: createSplitAudits(given),
    startedAt: new Date(),
  };
}

/** The context of one request or one subscription. */
export function createContext(
  services: ApiServices,
  request: { requestId: string; signal: AbortSignal },
): ApiContext {
  return {
    ...services,
    requestId: request.requestId,
    signal: request.signal,
    log: services.log.child({ requestId: request.requestId }),
    loaders: createLoaders(services.store),
  };
}
