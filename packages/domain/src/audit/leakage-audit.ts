/**
 * What crosses the sides of a split: patients, identical and near-identical patches, neighbours on a slide.
 * It also measures how well a rule does that never sees a pixel. Every split gets one when it is made.
 */

import { classificationMetrics, confusionAt } from '../metrics/confusion.ts';
import { rocAuc } from '../metrics/roc.ts';
import type { Scored } from '../metrics/scored.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { hasUnits, nameUnit } from '../unit/unit-words.ts';
import { type AuditedPatches, groupByPatient, TRAIN_INDEX } from './audited-patches.ts';
import type { DuplicatePair } from './near-duplicates.ts';
import { findWholePatients, NEIGHBOUR_COUNT, scoreNothing, scoreWithoutPixels } from './no-pixel-baseline.ts';

const VOTES_FOR_POSITIVE = 0.5;
const UNKNOWN = 'Patients unknown: whether one is on several sides cannot be told.';

/** How well the rule without pixels does on some of the held-out patches; null without both classes. */
export type NoPixelFigures = {
  /** Held-out patches that the rule can score, and their patients. */
  answered: number;
  patients: number;
  auc: number | null;
  balancedAccuracy: number | null;
};

export type LeakageAudit = {
  passed: boolean;
  /** Sentences on what crosses; empty when it passed. */
  reasons: string[];
  patientsOnSeveralSides: number;
  /** Patches whose pixels also occur on another side; null when no content hashes were given. */
  identicalAcrossSides: number | null;
  /** Pairs of near-identical patches on two sides; null when they were not looked for. */
  nearIdenticalAcrossSides: number | null;
  /** Held-out patches, and those that touch a TRAIN patch of the same slide. */
  heldOut: number;
  neighboursInTrain: number;
  noPixelBaseline: NoPixelFigures & {
    neighbours: number;
    /** The same for patients whose slide is complete, and for those with only some of their patches. */
    whole: NoPixelFigures;
    sparse: NoPixelFigures;
  };
};

type AuditRequest = {
  patches: AuditedPatches;
  patchSizePx: number;
  /** Whether the source tells where patches lie: otherwise nothing is known of neighbours. */
  hasPlaces?: boolean;
  /** What the keys stand for; with NONE it is unknown what is on which side. */
  unit: SplittingUnit;
  /** Hash of each patch's pixels, where known. */
  contentHashes?: readonly string[] | null;
  /** What the search for near duplicates found among these patches. */
  nearDuplicates?: readonly DuplicatePair[] | null;
};

/** Audits a split from its patches' names and hashes. */
export function auditSplit({
  patches,
  patchSizePx,
  hasPlaces = true,
  unit,
  contentHashes,
  nearDuplicates,
}: AuditRequest): LeakageAudit {
  const { scored, heldOut } = hasPlaces ? scoreWithoutPixels(patches) : scoreNothing(patches);
  const isWhole = findWholePatients(patches, patchSizePx);
  const crosses = ({ first, second }: DuplicatePair) => patches.subsets[first] !== patches.subsets[second];
  const findings = {
    patientsOnSeveralSides: hasUnits(unit) ? countCrossingPatients(patches) : 0,
    identicalAcrossSides: contentHashes ? countIdentical(patches, contentHashes) : null,
    nearIdenticalAcrossSides: nearDuplicates ? nearDuplicates.filter(crosses).length : null,
    heldOut,
    neighboursInTrain: hasPlaces ? countNeighboursInTrain(patches, patchSizePx) : 0,
    noPixelBaseline: {
      neighbours: NEIGHBOUR_COUNT,
      ...judgeVotes(scored),
      whole: judgeVotes(pickPatients(scored, (patient) => isWhole[patient] === 1)),
      sparse: judgeVotes(pickPatients(scored, (patient) => isWhole[patient] === 0)),
    },
  };
  const reasons = [...(hasUnits(unit) ? [] : [UNKNOWN]), ...listReasons(findings, unit)];
  return { passed: reasons.length === 0, reasons, ...findings };
}

function judgeVotes(scored: Scored): NoPixelFigures {
  const confusion = confusionAt({ scored, threshold: VOTES_FOR_POSITIVE });
  return {
    answered: scored.labels.length,
    patients: new Set(scored.patients).size,
    auc: rocAuc(scored),
    balancedAccuracy: classificationMetrics(confusion).balancedAccuracy,
  };
}

function pickPatients(
  { probabilities, labels, patients }: Scored,
  picks: (patient: number) => boolean,
): Scored {
  return {
    probabilities: probabilities.filter((_, index) => picks(patients[index] as number)),
    labels: labels.filter((_, index) => picks(patients[index] as number)),
    patients: patients.filter(picks),
  };
}

function countCrossingPatients({ patients, subsets }: AuditedPatches): number {
  const groups = [...groupByPatient(patients).values()];
  return groups.filter((group) => new Set(group.map((index) => subsets[index])).size > 1).length;
}

function countIdentical({ subsets }: AuditedPatches, hashes: readonly string[]): number {
  const sidesOfHash = new Map<string, Set<number>>();
  hashes.forEach((hash, index) => {
    const sides = sidesOfHash.get(hash) ?? new Set();
    sidesOfHash.set(hash, sides.add(subsets[index] as number));
  });
  return hashes.filter((hash) => (sidesOfHash.get(hash)?.size ?? 0) > 1).length;
}

/** Patches that touch, corners included: at most one patch apart in both directions. */
function countNeighboursInTrain(patches: AuditedPatches, patchSizePx: number): number {
  const { patients, x, y, subsets } = patches;
  let touching = 0;
  for (const group of groupByPatient(patients).values()) {
    const cellOf = (index: number, across: number, down: number) =>
      `${Math.floor((x[index] as number) / patchSizePx) + across}:${Math.floor((y[index] as number) / patchSizePx) + down}`;
    const training = new Set(
      group.filter((index) => subsets[index] === TRAIN_INDEX).map((index) => cellOf(index, 0, 0)),
    );
    const heldOut = group.filter((index) => subsets[index] !== TRAIN_INDEX);
    const steps = [-1, 0, 1];
    touching += heldOut.filter((index) =>
      steps.some((across) => steps.some((down) => training.has(cellOf(index, across, down)))),
    ).length;
  }
  return touching;
}

function listReasons(findings: Omit<LeakageAudit, 'passed' | 'reasons'>, unit: SplittingUnit): string[] {
  const { noPixelBaseline, heldOut } = findings;
  const reasons: string[] = [];
  if (findings.patientsOnSeveralSides > 0) {
    reasons.push(`${nameUnit(unit).heading} on several sides: ${findings.patientsOnSeveralSides}.`);
  }
  if (findings.identicalAcrossSides) {
    reasons.push(`Patches whose pixels also occur on another side: ${findings.identicalAcrossSides}.`);
  }
  if (findings.nearIdenticalAcrossSides) {
    reasons.push(`Pairs of near-identical patches on two sides: ${findings.nearIdenticalAcrossSides}.`);
  }
  if (findings.neighboursInTrain > 0) {
    reasons.push(`Held-out patches that touch a TRAIN patch: ${findings.neighboursInTrain} of ${heldOut}.`);
  }
  if (noPixelBaseline.answered > 0) {
    const accuracy = noPixelBaseline.balancedAccuracy?.toFixed(3) ?? 'undefined';
    reasons.push(
      `A rule that never looks at a pixel answers for ${noPixelBaseline.answered} of ${heldOut} held-out patches, ` +
        `with balanced accuracy ${accuracy}.`,
    );
  }
  return reasons;
}
