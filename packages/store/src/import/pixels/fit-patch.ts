/**
 * Pictures of another shape or size than the patches of their dataset: cut, squeezed or resized by the rule that was
 * chosen, and told. Without a rule they stay as they are, and are refused where they do not fit.
 */
import sharp from 'sharp';
import type { DecodedPatch } from './decode-patch.ts';
import type { ChangeCode } from './pixel-change.ts';

export const OTHER_SIZES = ['REFUSE', 'RESIZE'] as const;
export const NOT_SQUARE = ['REFUSE', 'CROP', 'SQUEEZE'] as const;

export type FitRules = {
  /** Of square pictures that are larger or smaller than most. */
  otherSizes: (typeof OTHER_SIZES)[number];
  /** CROP takes the square in the middle, SQUEEZE draws the longer side in to the shorter. */
  notSquare: (typeof NOT_SQUARE)[number];
};

/** What makes other pixels of the same files; null where no rule is set. */
export function describeFit({ otherSizes, notSquare }: FitRules): string | null {
  const isPlain = otherSizes === 'REFUSE' && notSquare === 'REFUSE';
  return isPlain ? null : `other sizes ${otherSizes}, not square ${notSquare}`;
}

const RGB = 3;

export async function fitPatch<Patch extends DecodedPatch>(
  patch: Patch,
  { patchSizePx, rules }: { patchSizePx: number; rules: FitRules },
): Promise<Patch> {
  const squared = patch.width === patch.height ? patch : await makeSquare(patch, rules);
  const isOther = squared.width === squared.height && squared.width !== patchSizePx;
  if (!isOther || rules.otherSizes === 'REFUSE') return squared;
  return change(squared, await resize(squared, patchSizePx), patchSizePx, 'RESIZED');
}

async function makeSquare<Patch extends DecodedPatch>(patch: Patch, { notSquare }: FitRules): Promise<Patch> {
  if (notSquare === 'REFUSE') return patch;
  const side = Math.min(patch.width, patch.height);
  if (notSquare === 'CROP') return change(patch, cutMiddle(patch, side), side, 'CUT_TO_SQUARE');
  return change(patch, await resize(patch, side), side, 'SQUEEZED_TO_SQUARE');
}

function change<Patch extends DecodedPatch>(
  patch: Patch,
  pixels: Uint8Array,
  side: number,
  code: ChangeCode,
): Patch {
  return { ...patch, pixels, width: side, height: side, changes: [...patch.changes, code] };
}

function cutMiddle({ width, height, pixels }: DecodedPatch, side: number): Uint8Array {
  const [left, top] = [Math.floor((width - side) / 2), Math.floor((height - side) / 2)];
  const cut = new Uint8Array(side * side * RGB);
  for (let row = 0; row < side; row++) {
    const start = ((top + row) * width + left) * RGB;
    cut.set(pixels.subarray(start, start + side * RGB), row * side * RGB);
  }
  return cut;
}

async function resize({ width, height, pixels }: DecodedPatch, side: number): Promise<Uint8Array> {
  return sharp(pixels, { raw: { width, height, channels: RGB } })
    .resize(side, side, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
}
