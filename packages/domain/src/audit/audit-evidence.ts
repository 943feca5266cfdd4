/**
 * Makes a split's audit from its stored patches: names repeated pixels, searches for near-identical patches
 * where pixels are given, and says plainly what was not searched. It takes seconds to minutes, so run it on a thread of
 * its own.
 */
import { RGB_CHANNELS } from '../slide/patch-pixels.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import type { AuditedPatches } from './audited-patches.ts';
import { auditSplit, type LeakageAudit } from './leakage-audit.ts';
import { type DuplicateSearch, findNearDuplicates, PAIRS_MAX } from './near-duplicates.ts';
import { COMPARED_SIZE_MIN_PX } from './patch-window.ts';

/** Memory is half a kilobyte a patch and time grows with the square of the count: beyond this it would take hours. */
const NEAR_DUPLICATE_PATCHES_MAX = 1_000_000;
const NO_PLACES = 'Neighbours were not searched for: the source does not tell where patches lie.';
/** Standard deviation of grey, in levels, below which a patch is taken for empty glass. */
const CONTRAST_MIN = 4;

export type AuditEvidence = {
  patches: AuditedPatches;
  patchSizePx: number;
  /** As in the audit itself. */
  hasPlaces?: boolean;
  unit: SplittingUnit;
  /** For each patch the number of its group of patches with identical pixels; 0 for a patch without such a group. */
  repeatedPixels: Int32Array;
  /** Sentences on what was not searched, and why. */
  notes: string[];
};

/** The audit as it is stored with its split. */
export type SplitAudit = LeakageAudit & {
  /** Full-size patches on any side. */
  patches: number;
  /** Sentences on what was not searched, and why; empty when everything was. */
  notes: string[];
};

type AuditMeans = {
  /** RGB of a patch, row by row; null when near duplicates are not searched. May reuse its array. */
  readPatch: ((index: number) => Uint8Array) | null;
  /** Called with the share that is done, from 0 to 1, now and then. */
  onProgress?(share: number): void;
};

/** Audits a split. A minute or two for 277,524 patches with pixels, seconds without. */
export function auditEvidence(evidence: AuditEvidence, { readPatch, onProgress }: AuditMeans): SplitAudit {
  const { patches, patchSizePx, hasPlaces = true, unit } = evidence;
  const { subsets } = patches;
  const search =
    readPatch &&
    findNearDuplicates({
      patchCount: patches.labels.length,
      patchSizePx,
      readPatch,
      mayPair: (first, second) => subsets[first] !== subsets[second],
      onProgress,
    });
  const audit = auditSplit({
    patches,
    patchSizePx,
    hasPlaces,
    unit,
    contentHashes: Array.from(evidence.repeatedPixels, (group, index) =>
      group === 0 ? `alone ${index}` : `group ${group}`,
    ),
    nearDuplicates: search?.pairs ?? null,
  });
  return {
    ...audit,
    patches: subsets.length,
    notes: [...(hasPlaces ? [] : [NO_PLACES]), ...evidence.notes, ...describeSearch(search)],
  };
}

/** Why near-identical patches are not searched for in such a dataset, as a sentence; null when they are. */
export function explainNoNearDuplicates(dataset: { patchCount: number; patchSizePx: number }): string | null {
  const { patchCount, patchSizePx } = dataset;
  const unsearched = 'Near-identical patches were not searched for:';
  if (patchSizePx < COMPARED_SIZE_MIN_PX) {
    return `${unsearched} patches of ${patchSizePx} pixels are too small to be told apart; ${COMPARED_SIZE_MIN_PX} are needed.`;
  }
  if (patchCount > NEAR_DUPLICATE_PATCHES_MAX) {
    return (
      `${unsearched} the dataset has ${patchCount} patches, and comparing how they look is limited to ` +
      `${NEAR_DUPLICATE_PATCHES_MAX}. Patches with the very same pixels were.`
    );
  }
  return null;
}

/** Too little contrast to tell it from other patches: empty glass looks the same on every slide and identifies none. */
export function isBlankPatch(rgb: Uint8Array): boolean {
  let [sum, squares] = [0, 0];
  for (let at = 0; at < rgb.length; at += RGB_CHANNELS) {
    const [red, green, blue] = [rgb[at] as number, rgb[at + 1] as number, rgb[at + 2] as number];
    const grey = 0.299 * red + 0.587 * green + 0.114 * blue;
    sum += grey;
    squares += grey * grey;
  }
  const pixels = rgb.length / RGB_CHANNELS;
  return Math.sqrt(Math.max(0, squares / pixels - (sum / pixels) ** 2)) < CONTRAST_MIN;
}

function describeSearch(search: DuplicateSearch | null): string[] {
  const notes: string[] = [];
  if (search && search.emptyPatches > 0) {
    notes.push(
      `Patches without fine structure (glass, blur, the dark beyond a slide) were not searched for near copies: ` +
        `${search.emptyPatches}.`,
    );
  }
  if (search && !search.isComplete) {
    notes.push(`The search for near-identical patches ended after ${PAIRS_MAX} pairs; there may be more.`);
  }
  return notes;
}
