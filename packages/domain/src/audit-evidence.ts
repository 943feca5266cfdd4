/**
 * From what is stored of a split's patches to its audit: names the repeated pixels, searches near-identical patches
 * where pixels are given, and says plainly what was not looked at. Seconds of work: meant for a thread of its own.
 */
import type { AuditedPatches } from './audited-patches.ts';
import { auditSplit, type LeakageAudit } from './leakage-audit.ts';
import { CONTRAST_MIN, type DuplicatePair, findNearDuplicates } from './near-duplicates.ts';
import { describePatch, THUMBNAIL_SIZE_PX, toGrey } from './perceptual-hash.ts';

const CHANNELS = 3;

/** Time grows faster than the number of patches, and their pixels are held in memory: 300 MB of 50 x 50 at most. */
export const NEAR_DUPLICATE_PATCHES_MAX = 40_000;

export type AuditEvidence = {
  patches: AuditedPatches;
  patchSizePx: number;
  /** For each patch 0, or the number of the group of patches that have the very same pixels. */
  repeatedPixels: Int32Array;
  /** RGB of each patch, row by row, back to back in their order; null when near duplicates are not searched. */
  pixels: Uint8Array | null;
  /** Sentences on what was not looked at, and why. */
  notes: string[];
};

/** The audit as it is kept with its split. */
export type SplitAudit = LeakageAudit & {
  /** Full-size patches on any side. */
  patches: number;
  /** Sentences on what was not looked at, and why; empty when everything was. */
  notes: string[];
};

/** Audits a split. Half a minute or more for 30,000 patches with pixels, two seconds without. */
export function auditEvidence(evidence: AuditEvidence): SplitAudit {
  const { patches, patchSizePx, notes } = evidence;
  const audit = auditSplit({
    patches,
    patchSizePx,
    contentHashes: Array.from(evidence.repeatedPixels, (group, index) =>
      group === 0 ? `alone ${index}` : `group ${group}`,
    ),
    nearDuplicates: evidence.pixels && searchAcrossSides(evidence, evidence.pixels),
  });
  return { ...audit, patches: patches.labels.length, notes };
}

/** Why near-identical patches of such a data set are not searched, as a sentence; null when they are. */
export function explainNoNearDuplicates(dataset: { patchCount: number; patchSizePx: number }): string | null {
  const { patchCount, patchSizePx } = dataset;
  const unsearched = 'Near-identical patches were not searched:';
  if (patchSizePx < THUMBNAIL_SIZE_PX) {
    return `${unsearched} patches of ${patchSizePx} pixels are too small to be told apart; ${THUMBNAIL_SIZE_PX} are needed.`;
  }
  if (patchCount > NEAR_DUPLICATE_PATCHES_MAX) {
    return (
      `${unsearched} the data set has ${patchCount} patches, and comparing them by their looks is kept to ` +
      `${NEAR_DUPLICATE_PATCHES_MAX}. Patches with the very same pixels were.`
    );
  }
  return null;
}

/** Too little contrast to be told from any other: empty glass is the same on every slide and gives nothing away. */
export function isBlankPatch(rgb: Uint8Array): boolean {
  const grey = toGrey(rgb);
  const mean = grey.reduce((sum, value) => sum + value, 0) / grey.length;
  const variance = grey.reduce((sum, value) => sum + (value - mean) ** 2, 0) / grey.length;
  return Math.sqrt(variance) < CONTRAST_MIN;
}

function searchAcrossSides({ patches, patchSizePx }: AuditEvidence, pixels: Uint8Array): DuplicatePair[] {
  const patchBytes = patchSizePx * patchSizePx * CHANNELS;
  const read = (index: number) => pixels.subarray(index * patchBytes, (index + 1) * patchBytes);
  const { subsets, labels } = patches;
  return findNearDuplicates({
    looks: Array.from(labels, (_, index) => describePatch(read(index), patchSizePx)),
    patchSizePx,
    readGrey: (index) => toGrey(read(index)),
    mayPair: (first, second) => subsets[first] !== subsets[second],
  });
}
