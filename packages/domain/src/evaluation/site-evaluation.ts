/**
 * How a run does on each site (centre, scanner, tissue source site): a mean over all of them may hide one on which it
 * does badly, and a threshold that fits one may not fit another.
 */
import { type Scored, takePatches } from '../metrics/scored.ts';
import type { Interval } from '../statistics/binomial-interval.ts';
import { type EvaluationMetrics, evaluateWithIntervals } from './evaluation.ts';
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
  const members: number[][] = sites.map(() => []);
  siteOf.forEach((site, patch) => {
    members[site]?.push(patch);
  });
  return sites.flatMap((site, at) => {
    const own = members[at] ?? [];
    if (own.length === 0) return [];
    const { metrics, intervals } = evaluateWithIntervals({ ...scoring, scored: takePatches(scored, own) });
    const hasEnough = metrics.patients >= SUBGROUP_INTERVAL_PATIENTS_MIN;
    return [{ site, metrics, intervals: hasEnough ? intervals : {} }];
  });
}
