/** How a run does on each site of one subset, and a cross-validation over all its folds, computed from the stored predictions and cached by their content hash. */

import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/domain/evaluation/evaluation-draws';
import type { PooledSite, SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import { loadScored, type ScoredPredictions } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import { loadFolds } from '@microtome/store/sweep/fold-predictions';
import type { Background } from '../background/background.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_TABLES = 200;
const BOOTSTRAP = { draws: EVALUATION_DRAWS, seed: EVALUATION_SEED };

export type SiteCache = ResultCache<SiteEvaluation[]>;
export type PooledSiteCache = ResultCache<PooledSite[]>;
export type SiteServices = PredictionServices & {
  background: Background;
  sites: SiteCache;
  pooledSites: PooledSiteCache;
};

export function createSiteCache(): SiteCache {
  return createResultCache(CACHED_TABLES);
}

/** Opened predictions never change, so a sweep's id is its key. */
export function createPooledSiteCache(): PooledSiteCache {
  return createResultCache(CACHED_TABLES);
}

/** By the names of the sites; empty where the source tells none. An evaluation's row exists only if it may be read. */
export async function evaluateBySite(
  services: SiteServices,
  { runId, subset, threshold }: Evaluation,
): Promise<SiteEvaluation[]> {
  const { artifactHash } = await getRunArtifact(services.store, { runId, role: `PREDICTIONS_${subset}` });
  return services.sites.get(`${artifactHash} ${threshold}`, async () => {
    const found = await loadScored(services.store, { runId, subset }, services.predictions);
    return measureSites(services, found, threshold);
  });
}

/** By the names of the sites; empty where the source tells none. */
export async function measureSites(
  { background }: Pick<SiteServices, 'background'>,
  { scored, patches }: ScoredPredictions,
  threshold: number,
): Promise<SiteEvaluation[]> {
  const sites = listSites([patches]);
  if (sites.length === 0) return [];
  return background.sites({ scored, threshold, ...BOOTSTRAP, sites, siteOf: placeOnSites(patches, sites) });
}

/** The TEST of all folds of an opened cross-validation, site by site, each fold at its own threshold. */
export async function evaluatePooledBySite(services: SiteServices, sweepId: string): Promise<PooledSite[]> {
  return services.pooledSites.get(sweepId, async () => {
    const folds = await loadFolds(services.store, sweepId, services.predictions);
    const sites = listSites(folds.map(({ patches }) => patches));
    if (sites.length === 0) return [];
    return services.background.pooledSites({
      folds: folds.map(({ scored, threshold }) => ({ scored, threshold })),
      ...BOOTSTRAP,
      sites,
      siteOf: folds.map(({ patches }) => placeOnSites(patches, sites)),
    });
  });
}

type Patches = ScoredPredictions['patches'];

function listSites(patches: readonly Patches[]): string[] {
  return [...new Set(patches.flatMap(({ slideSites }) => slideSites.flatMap((site) => site ?? [])))].sort();
}

/** The position of each patch's site among them; -1 where none is told. */
function placeOnSites({ slideSites, slides }: Patches, sites: readonly string[]): Int32Array {
  const ofSlide = slideSites.map((site) => (site === null ? -1 : sites.indexOf(site)));
  return slides.map((slide) => ofSlide[slide] ?? -1);
}
