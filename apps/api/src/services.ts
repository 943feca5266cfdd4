/**
 * Everything of this process that routes and resolvers share, made once from what main.ts opened. A feature says in a
 * type of its own what it needs of it and exports the factory of what it keeps; only this file knows all of them.
 */
import type { PairMeans } from '@microtome/store/comparison/measure-pair';
import type { Listener } from '@microtome/store/database/listen';
import type { PredictionSource } from '@microtome/store/evaluation/scored-predictions';
import type { Store } from '@microtome/store/store';
import type { Uploads } from '@microtome/store/upload/uploads';
import type { Logger } from 'pino';
import { createProjectIndex, type ProjectIndex } from './access/project-index.ts';
import { type Background, createBackground } from './background/background.ts';
import { createSplitAudits, type SplitAudits } from './background/split-audits.ts';
import { createPairMeans } from './comparison/pair-means.ts';
import { createImportPreviews, type ImportPreviews } from './dataset/import-previews.ts';
import type { ImportRoots } from './dataset/import-roots.ts';
import type { OutgoingSettings } from './delivery/outgoing-settings.ts';
import { type ContextCache, createContextCache } from './evaluation/context-reading.ts';
import { createPictureCache, type PictureCache } from './evaluation/evaluation-picture.ts';
import { createPooledContextCache, type PooledContextCache } from './evaluation/pooled-context.ts';
import { createPredictionReader } from './evaluation/prediction-reader.ts';
import {
  createPooledSiteCache,
  createSiteCache,
  type PooledSiteCache,
  type SiteCache,
} from './evaluation/site-table.ts';
import { createSubgroupCache, type SubgroupCache } from './model-card/gather-card-evidence.ts';
import { createSlideTiles, type SlideTiles } from './tissue/pyramid/slide-tiles.ts';

/** What main.ts opens, and closes after the services. */
type Opened = {
  store: Store;
  listener: Listener;
  importRoots: ImportRoots;
  /** Left out where none are taken. */
  uploads?: Uploads;
  outgoing: OutgoingSettings;
  log: Logger;
};

export type ApiServices = Omit<Opened, 'uploads'> & {
  uploads: Uploads | null;
  startedAt: Date;
  projects: ProjectIndex;
  background: Background;
  audits: SplitAudits;
  importPreviews: ImportPreviews;
  predictions: PredictionSource;
  pairs: PairMeans;
  evaluationPictures: PictureCache;
  contexts: ContextCache;
  pooledContexts: PooledContextCache;
  subgroups: SubgroupCache;
  sites: SiteCache;
  pooledSites: PooledSiteCache;
  slideTiles: SlideTiles;
};

/** `audits`, `importPreviews` and `background` are to be closed at the end. */
export function createServices(opened: Opened): ApiServices {
  const background = createBackground();
  const predictions = createPredictionReader(opened.store);
  const contexts = createContextCache();
  return {
    ...opened,
    uploads: opened.uploads ?? null,
    startedAt: new Date(),
    projects: createProjectIndex(opened.store),
    background,
    audits: createSplitAudits(opened),
    importPreviews: createImportPreviews(),
    predictions,
    pairs: createPairMeans({ store: opened.store, background, predictions, contexts }),
    evaluationPictures: createPictureCache(),
    contexts,
    pooledContexts: createPooledContextCache(),
    subgroups: createSubgroupCache(),
    sites: createSiteCache(),
    pooledSites: createPooledSiteCache(),
    slideTiles: createSlideTiles(opened.store),
  };
}
