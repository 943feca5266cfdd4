/**
 * Two runs on the TEST patches that have a context in both, each by its own step: what was measured, or why there is nothing to
 * say. AUC by these probabilities is the `contextAuc` of a comparison.
 */
import type { PlacedPredictions } from '../comparison/align-patches.ts';
import type { MetricDifference } from '../comparison/compare-paired.ts';
import type { Judged } from '../comparison/judge-pairs.ts';
import type { MeasuredPair } from '../comparison/paired-comparison.ts';
import { warnOfFewPatients } from '../statistics/few-patients.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import type { PatchesInContext } from './context-step.ts';

type NamedRun = { name: string };
type Sides<Run> = { a: Run; b: Run; unit: SplittingUnit };

/** Said of a pair whose runs have no patch in common that has a context in both. */
export const NO_SHARED_CONTEXT =
  'Nothing to say with neighbours: no patch that both predicted has a context in both.';

type TestedContextPair<Run extends NamedRun> = Sides<Run> & {
  /** Patients that are paired. */
  sharedPatients: number;
  patches: number;
  draws: number;
  metrics: MetricDifference[];
  /** Why its intervals and p-values are not to be trusted; null where they are. */
  caution: string | null;
  /** Why there is nothing to say; null where there is. */
  silence: string | null;
};

/** With the verdict on each metric, which depends on the other pairs of the comparison too. */
export type ContextPair<Run extends NamedRun = NamedRun> = Judged<TestedContextPair<Run>>;

export function describeSilentPair<Run extends NamedRun>(
  { a, b, unit }: Sides<Run>,
  silence: string,
): TestedContextPair<Run> {
  return { a, b, unit, sharedPatients: 0, patches: 0, draws: 0, metrics: [], caution: null, silence };
}

export function describePairInContext<Run extends NamedRun>(
  { a, b, unit }: Sides<Run>,
  { statistics: { patchCount, draws, differences }, patientKeys }: MeasuredPair,
): TestedContextPair<Run> {
  const sharedPatients = patientKeys.length;
  return {
    a,
    b,
    unit,
    sharedPatients,
    patches: patchCount,
    draws,
    metrics: differences,
    caution: warnOfFewPatients(sharedPatients, unit),
    silence: null,
  };
}

/** The predictions that have a context, with their probabilities in it in place of their own. */
export function takeInContext(
  { scored, patientKeys, slides, slideKeys, x, y }: PlacedPredictions,
  { patches, probabilities }: PatchesInContext,
): PlacedPredictions {
  const pick = (column: Int32Array) => patches.map((patch) => column[patch]!);
  const labels = Uint8Array.from(patches, (patch) => scored.labels[patch]!);
  return {
    scored: { probabilities, labels, patients: pick(scored.patients) },
    patientKeys,
    slides: pick(slides),
    slideKeys,
    x: pick(x),
    y: pick(y),
  };
}
