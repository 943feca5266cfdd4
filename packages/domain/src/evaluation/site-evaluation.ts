/**
 * How a run does on each site (centre, scanner, tissue source site): a mean over all of them may hide one on which it
 * does badly, and a threshold that fits one may not fit another.
 */
import { type Scored, takePatches } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { type EvaluationMetrics, evaluateWithIntervals } from './evaluation.ts';
import { evaluateOutOfFold, type FoldPredictions, type OutOfFoldMetrics } from './out-of-fold.ts';
import { SUBGROUP_INTERVAL_PATIENTS_MIN } from './subgroup.ts';

export type SiteEvaluation = {
  site: string;
  metrics: EvaluationMetrics;
  /** 95 %, by patient; empty where there are too few patients. */
  intervals: Record<string, Interval>;
};

type Scoring = { scored: Scored; threshold: number; draws: number; seed: number };

/** In the order of `sites`, those without patches left out. `siteOf` gives each patch a position among them, or -1. */
export function evaluateSites(
  { scored, ...scoring }: Scoring,
  { sites, siteOf }: { sites: readonly string[]; siteOf: Int32Array },
): SiteEvaluation[] {
  const members = groupPatches(siteOf, sites.length);
  return sites.flatMap((site, at) => {
    const own = members[at] ?? [];
    if (own.length === 0) return [];
    const { metrics, intervals } = evaluateWithIntervals({ ...scoring, scored: takePatches(scored, own) });
    const hasEnough = metrics.patients >= SUBGROUP_INTERVAL_PATIENTS_MIN;
    return [{ site, metrics, intervals: hasEnough ? intervals : {} }];
  });
}

/** A site over all folds of a cross-validation. */
export type PooledSite = Omit<SiteEvaluation, 'metrics'> & { metrics: OutOfFoldMetrics };

/** The same over the TEST of all folds, each fold's threshold on its own predictions. `siteOf` is that of each fold. */
export function evaluatePooledSites(
  { folds, ...scoring }: Omit<Scoring, 'scored' | 'threshold'> & { folds: readonly FoldPredictions[] },
  { sites, siteOf }: { sites: readonly string[]; siteOf: readonly Int32Array[] },
): PooledSite[] {
  const members = siteOf.map((ofPatch) => groupPatches(ofPatch, sites.length));
  return sites.flatMap((site, at) => {
    const own = folds.flatMap(({ scored, threshold }, fold) => {
      const patches = members[fold]?.[at] ?? [];
      return patches.length > 0 ? [{ scored: takePatches(scored, patches), threshold }] : [];
    });
    if (own.length === 0) return [];
    const { metrics, intervals } = evaluateOutOfFold({ ...scoring, folds: own });
    const hasEnough = metrics.patients >= SUBGROUP_INTERVAL_PATIENTS_MIN;
    return [{ site, metrics, intervals: hasEnough ? intervals : {} }];
  });
}

/** The patches of each site, by its position. */
function groupPatches(siteOf: Int32Array, siteCount: number): number[][] {
  const members: number[][] = Array.from({ length: siteCount }, () => []);
  siteOf.forEach((site, patch) => {
    members[site]?.push(patch);
  });
  return members;
}
