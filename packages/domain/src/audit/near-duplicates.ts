/**
 * Finds patches that are copies of each other though their bytes differ: recompressed, turned, shifted by up to three
 * pixels, or all three. The moments of the square in a patch's middle must occur at one of the places where a copy may
 * hold that square: one sorted sweep proposes few pairs. Their fine structures, place by place and turn by turn, decide.
 * Patches without fine structure (glass) have no identity and are left out.
 */
import {
  COPY_CONTRAST_MIN,
  createFineComparer,
  createFineDescriber,
  FINE_CONTRAST_MIN,
  type FineStructure,
} from './fine-structure.ts';
import {
  createMomentsReader,
  hasTurnedMoments,
  hasTurnlessMoments,
  MOMENT_COUNT,
  MOMENT_TOLERANCES,
  type ReadMoments,
  writeTurnless,
} from './patch-moments.ts';
import { type PatchWindow, planWindow, TURNS } from './patch-window.ts';

/** With this many pairs the split has clearly failed, and the search ends. */
export const PAIRS_MAX = 10_000;
const PATCHES_PER_REPORT = 1_000;
/** Describing the patches takes about half of the time. */
const DESCRIBING_SHARE = 0.5;

export type DuplicatePair = { first: number; second: number; correlation: number };

export type DuplicateSearch = {
  /** By rising indices; the first is the lower. */
  pairs: DuplicatePair[];
  /** Patches without fine structure: no copies of them are looked for. */
  emptyPatches: number;
  /** False when the search ended at PAIRS_MAX. */
  isComplete: boolean;
};

export type SearchRequest = {
  patchCount: number;
  /** At least COMPARED_SIZE_MIN_PX. */
  patchSizePx: number;
  /** RGB of a patch, row by row; called twice for each patch. */
  readPatch(index: number): Uint8Array;
  /** Pairs for which it is false are skipped: those on one side of a split, for example. */
  mayPair?(first: number, second: number): boolean;
  /** Called with the share that is done, from 0 to 1, now and then. */
  onProgress?(share: number): void;
};

/** What is kept of all patches: half a kilobyte each. Columns [patch * 8 + moment] unless said otherwise. */
type Catalogue = {
  window: PatchWindow;
  /** Moments of the square in the middle. */
  moments: Float32Array;
  /** Bounds of the turnless moments over all places of the square, tolerances included. */
  lows: Float32Array;
  highs: Float32Array;
  /** [patch * bins + bin] of the square in the middle. */
  fine: Int8Array;
  /** 0 where a patch is empty. */
  contrasts: Float32Array;
};

/** All pairs of near-identical patches. Minutes and 170 MB for 277,524 patches of 50 x 50. */
export function findNearDuplicates(request: SearchRequest): DuplicateSearch {
  const window = planWindow(request.patchSizePx);
  const readMoments = createMomentsReader(window);
  const catalogue = describeAll(request, { window, readMoments });
  const compare = createComparison(request, { catalogue, readMoments });
  const { order, turnless } = sortByBrightness(catalogue);
  const pairs: DuplicatePair[] = [];
  for (let place = 0; place < order.length && pairs.length < PAIRS_MAX; place++) {
    const second = order[place] as number;
    const candidates = listCandidates({ catalogue, order, turnless, place }).filter(
      (first) => request.mayPair?.(first, second) ?? true,
    );
    if (candidates.length > 0) pairs.push(...compare(second, candidates));
    report(request, { done: place, of: order.length, from: DESCRIBING_SHARE, share: 1 - DESCRIBING_SHARE });
  }
  return {
    pairs: pairs.sort((a, b) => a.first - b.first || a.second - b.second),
    emptyPatches: catalogue.contrasts.reduce(
      (count, contrast) => count + (contrast < FINE_CONTRAST_MIN ? 1 : 0),
      0,
    ),
    isComplete: pairs.length < PAIRS_MAX,
  };
}

function describeAll(
  request: SearchRequest,
  { window, readMoments }: { window: PatchWindow; readMoments: ReadMoments },
): Catalogue {
  const { patchCount, readPatch } = request;
  const { binsPerAxis, centrePx, offsetsPx } = window;
  const describe = createFineDescriber(window);
  const catalogue: Catalogue = {
    window,
    moments: new Float32Array(patchCount * MOMENT_COUNT),
    lows: new Float32Array(patchCount * MOMENT_COUNT).fill(Number.POSITIVE_INFINITY),
    highs: new Float32Array(patchCount * MOMENT_COUNT).fill(Number.NEGATIVE_INFINITY),
    fine: new Int8Array(patchCount * binsPerAxis ** 2),
    contrasts: new Float32Array(patchCount),
  };
  const middle = offsetsPx.indexOf(centrePx) * (offsetsPx.length + 1) * MOMENT_COUNT;
  for (let patch = 0; patch < patchCount; patch++) {
    report(request, { done: patch, of: patchCount, from: 0, share: DESCRIBING_SHARE });
    const rgb = readPatch(patch);
    const { bins, contrast } = describe(rgb, { left: centrePx, top: centrePx });
    if (contrast < COPY_CONTRAST_MIN) continue;
    const everywhere = readMoments(rgb);
    catalogue.contrasts[patch] = contrast;
    catalogue.fine.set(bins, patch * bins.length);
    catalogue.moments.set(everywhere.subarray(middle, middle + MOMENT_COUNT), patch * MOMENT_COUNT);
    widenBounds(catalogue, { patch, everywhere });
  }
  return catalogue;
}

function widenBounds(
  { lows, highs }: Catalogue,
  { patch, everywhere }: { patch: number; everywhere: Float32Array },
): void {
  const turnless = new Float32Array(MOMENT_COUNT);
  for (let at = 0; at < everywhere.length; at += MOMENT_COUNT) {
    writeTurnless(everywhere, { from: at, target: turnless, to: 0 });
    for (let moment = 0; moment < MOMENT_COUNT; moment++) {
      const column = patch * MOMENT_COUNT + moment;
      const value = turnless[moment] as number;
      const tolerance = MOMENT_TOLERANCES[moment] as number;
      if (value - tolerance < (lows[column] as number)) lows[column] = value - tolerance;
      if (value + tolerance > (highs[column] as number)) highs[column] = value + tolerance;
    }
  }
}

type Sorted = {
  /** Indices of the patches that are not empty, dark to bright. */
  order: Uint32Array;
  /** [place in order * 8 + moment] of the square in the middle. */
  turnless: Float32Array;
};

function sortByBrightness({ moments, contrasts }: Catalogue): Sorted {
  const order = Uint32Array.from(contrasts.keys())
    .filter((patch) => (contrasts[patch] as number) > 0)
    .sort((a, b) => (moments[a * MOMENT_COUNT] as number) - (moments[b * MOMENT_COUNT] as number) || a - b);
  const turnless = new Float32Array(order.length * MOMENT_COUNT);
  order.forEach((patch, place) => {
    writeTurnless(moments, { from: patch * MOMENT_COUNT, target: turnless, to: place * MOMENT_COUNT });
  });
  return { order, turnless };
}

/** The darker patches whose middle lies within the bounds of the one at `place`, and the other way round. */
function listCandidates({
  catalogue,
  order,
  turnless,
  place,
}: Sorted & { catalogue: Catalogue; place: number }): number[] {
  const { lows, highs } = catalogue;
  const own = (order[place] as number) * MOMENT_COUNT;
  const darkest = lows[own] as number;
  const candidates: number[] = [];
  for (let other = place - 1; other >= 0; other--) {
    const middle = other * MOMENT_COUNT;
    if ((turnless[middle] as number) < darkest) break;
    let moment = 1;
    for (; moment < MOMENT_COUNT; moment++) {
      const value = turnless[middle + moment] as number;
      if (value < (lows[own + moment] as number) || value > (highs[own + moment] as number)) break;
    }
    if (moment < MOMENT_COUNT) continue;
    const patch = order[other] as number;
    const theirs = patch * MOMENT_COUNT;
    for (moment = 0; moment < MOMENT_COUNT; moment++) {
      const value = turnless[place * MOMENT_COUNT + moment] as number;
      if (value < (lows[theirs + moment] as number) || value > (highs[theirs + moment] as number)) break;
    }
    if (moment === MOMENT_COUNT) candidates.push(patch);
  }
  return candidates;
}

/** Compares a patch, at each place of the square and in each turn that the moments leave, with the middles of others. */
function createComparison(
  { readPatch }: SearchRequest,
  { catalogue, readMoments }: { catalogue: Catalogue; readMoments: ReadMoments },
): (patch: number, others: readonly number[]) => DuplicatePair[] {
  const { window, moments, fine, contrasts } = catalogue;
  const { offsetsPx, binsPerAxis } = window;
  const describe = createFineDescriber(window);
  const compareFine = createFineComparer(window);
  const bins = binsPerAxis ** 2;
  return (patch, others) => {
    const rgb = readPatch(patch);
    const everywhere = readMoments(rgb);
    const described = new Map<number, FineStructure>();
    const describeAt = (place: number) => {
      const top = offsetsPx[Math.floor(place / offsetsPx.length)] as number;
      const left = offsetsPx[place % offsetsPx.length] as number;
      const known = described.get(place) ?? describe(rgb, { left, top });
      described.set(place, known);
      return known;
    };
    return others.flatMap((other) => {
      const wanted = moments.subarray(other * MOMENT_COUNT, (other + 1) * MOMENT_COUNT);
      const middle = {
        bins: fine.subarray(other * bins, (other + 1) * bins),
        contrast: contrasts[other] as number,
      };
      let best: number | null = null;
      for (let place = 0; place < offsetsPx.length ** 2; place++) {
        const at = place * MOMENT_COUNT;
        if (!hasTurnlessMoments(wanted, { moments: everywhere, at })) continue;
        for (let turn = 0; turn < TURNS.length; turn++) {
          if (!hasTurnedMoments(wanted, { moments: everywhere, at, turn })) continue;
          const correlation = compareFine(middle, describeAt(place), turn);
          if (correlation !== null) best = Math.max(best ?? -1, correlation);
        }
      }
      if (best === null) return [];
      return [{ first: Math.min(patch, other), second: Math.max(patch, other), correlation: best }];
    });
  };
}

function report(
  { onProgress }: SearchRequest,
  { done, of, from, share }: { done: number; of: number; from: number; share: number },
): void {
  if (done % PATCHES_PER_REPORT === 0) onProgress?.(from + (share * done) / of);
}
