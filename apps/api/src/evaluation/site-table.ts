/** How a run does on each site of one subset, computed from the stored predictions and cached by their content hash. */
import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import { EVALUATION_DRAWS, EVALUATION_SEED } from '@microtome/store/evaluation/evaluations';
import { loadScored, type ScoredPredictions } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation } from '@microtome/store/generated/prisma/client';
import { getRunArtifact } from '@microtome/store/run/run-artifacts';
import type { Background } from '../background/background.ts';
import { createResultCache, type ResultCache } from '../result-cache.ts';
import type { PredictionServices } from './prediction-reader.ts';

const CACHED_TABLES = 200;

export type SiteCache = ResultCache<SiteEvaluation[]>;
export type SiteServices = PredictionServices & { background: Background; sites: SiteCache };

export function createSiteCache(): SiteCache {
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
  const sites = [...new Set(patches.slideSites.flatMap((site) => site ?? []))].sort();
  if (sites.length === 0) return [];
  const ofSlide = patches.slideSites.map((site) => (site === null ? -1 : sites.indexOf(site)));
  const siteOf = patches.slides.map((slide) => ofSlide[slide] ?? -1);
  const bootstrap = { draws: EVALUATION_DRAWS, seed: EVALUATION_SEED };
  return background.sites({ scored, threshold, ...bootstrap, sites, siteOf });
}
