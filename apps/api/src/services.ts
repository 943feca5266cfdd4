/**
 * Everything of this process that routes and resolvers share, made once from what main.ts opened. A feature says in a
 * type of its own what it needs of it and exports the factory of what it keeps; only this file knows all of them.
 */
import type { Listener } from '@microtome/store/database/listen';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import { type Background, createBackground } from './background/background.ts';
import { createSplitAudits, type SplitAudits } from './background/split-audits.ts';
import { type CompareCached, createCachedComparison } from './comparison/cached-comparison.ts';
import { createPairCache, type PairCache } from './comparison/paired-comparison.ts';
import type { ImportRoots } from './dataset/import-roots.ts';
import { createPictureCache, type PictureCache } from './evaluation/evaluation-picture.ts';
import { createPredictionReader, type PredictionReader } from './evaluation/run-predictions.ts';
import { createSubgroupCache, type SubgroupCache } from './model-card/gather-card-evidence.ts';

/** What main.ts opens, and closes after the services. */
type Opened = { store: Store; listener: Listener; importRoots: ImportRoots; log: Logger };

export type ApiServices = Opened & {
  startedAt: Date;
  background: Background;
  audits: SplitAudits;
  predictions: PredictionReader;
  compare: CompareCached;
  pairStatistics: PairCache;
  evaluationPictures: PictureCache;
  subgroups: SubgroupCache;
};

/** `audits` and `background` are to be closed at the end. */
export function createServices(opened: Opened): ApiServices {
  const background = createBackground();
  return {
    ...opened,
    startedAt: new Date(),
    background,
    audits: createSplitAudits(opened),
    predictions: createPredictionReader(opened.store),
    compare: createCachedComparison(background),
    pairStatistics: createPairCache(),
    evaluationPictures: createPictureCache(),
    subgroups: createSubgroupCache(),
  };
}
