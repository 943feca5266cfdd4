/** Puts patches back in their places: a picture of a slide or of a part of it, transparent where no patch was cut. */
import { countPixelBytes, RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import sharp from 'sharp';

/** Of a picture that is asked for in full. */
const SIDE_MAX_PX = 8192;
/** A picture is assembled at least this much larger than it is asked for, and made smaller by a good filter. */
const SPARE_SCALE = 2;
/**
 * A picture has at most a million pixels, or as many for each pixel of its patches where they have more: a patch far
 * out does not make the picture of a slide larger than a dense slide's.
 */
const PICTURE_PIXELS_MAX = 2 ** 20;
const PIXELS_PER_PATCH_PIXEL_MAX = 16;
const RGBA = 4;
const OPAQUE = 255;

export type PlacedPatch = {
  /** Left and top edge on the slide in pixels, from 0. */
  x: number;
  y: number;
  widthPx: number;
  heightPx: number;
  /** Row-major RGB. */
  pixels: Uint8Array;
};

type TissueRequest = {
  slideWidthPx: number;
  slideHeightPx: number;
  patches: readonly PlacedPatch[];
  /** The longer side of the result at most; the slide's own size when null. */
  maxSidePx: number | null;
};

/** The picture as PNG. Its memory is bounded by the size that is asked for and by what the patches hold. */
export async function assembleTissue(request: TissueRequest): Promise<Buffer> {
  const { slideWidthPx, slideHeightPx, patches, maxSidePx } = request;
  const scale = chooseScale(request);
  const width = Math.ceil(slideWidthPx / scale);
  const height = Math.ceil(slideHeightPx / scale);
  const pixels = drawPatches(patches, { left: 0, top: 0, width, height, scale });
  const picture = sharp(pixels, { raw: { width, height, channels: RGBA }, limitInputPixels: false });
  const scaled = maxSidePx
    ? picture.resize({ width: maxSidePx, height: maxSidePx, fit: 'inside', withoutEnlargement: true })
    : picture;
  return scaled.png({ compressionLevel: 6 }).toBuffer();
}

/** How many pixels of the slide become one of the picture, across and down. */
function chooseScale({ slideWidthPx, slideHeightPx, patches, maxSidePx }: TissueRequest): number {
  const sideMaxPx = Math.min(SIDE_MAX_PX, (maxSidePx ?? SIDE_MAX_PX) * SPARE_SCALE);
  const patchPixels = patches.reduce(
    (sum, { widthPx, heightPx }) => sum + countPixelBytes(widthPx, heightPx) / RGB_CHANNELS,
    0,
  );
  const pixelsMax = Math.max(PICTURE_PIXELS_MAX, PIXELS_PER_PATCH_PIXEL_MAX * patchPixels);
  const bySide = Math.ceil(Math.max(slideWidthPx, slideHeightPx) / sideMaxPx);
  const byPixels = Math.ceil(Math.sqrt((slideWidthPx * slideHeightPx) / pixelsMax));
  return Math.max(1, bySide, byPixels);
}

/** A rectangle of the slide seen at a scale, in pixels of the picture. */
type View = {
  left: number;
  top: number;
  width: number;
  height: number;
  /** Pixels of the slide across and down that become one. */
  scale: number;
};

/** RGBA, row by row. */
export function drawPatches(patches: readonly PlacedPatch[], view: View): Uint8Array {
  const pixels = new Uint8Array(view.width * view.height * RGBA);
  for (const patch of patches) drawPatch(pixels, patch, view);
  return pixels;
}

/** Every pixel of the picture that the patch touches becomes the mean of what the patch shows there. */
function drawPatch(pixels: Uint8Array, patch: PlacedPatch, view: View): void {
  const { scale, left, top, width, height } = view;
  const lastRow = Math.min(top + height - 1, Math.floor((patch.y + patch.heightPx - 1) / scale));
  const lastColumn = Math.min(left + width - 1, Math.floor((patch.x + patch.widthPx - 1) / scale));
  const firstColumn = Math.max(left, Math.floor(patch.x / scale));
  for (let row = Math.max(top, Math.floor(patch.y / scale)); row <= lastRow; row++) {
    for (let column = firstColumn; column <= lastColumn; column++) {
      const target = ((row - top) * width + column - left) * RGBA;
      drawMean(pixels, { patch, scale, target, row, column });
    }
  }
}

type DrawnPixel = { patch: PlacedPatch; scale: number; target: number; row: number; column: number };

function drawMean(pixels: Uint8Array, { patch, scale, target, row, column }: DrawnPixel): void {
  const top = Math.max(0, row * scale - patch.y);
  const bottom = Math.min(patch.heightPx, (row + 1) * scale - patch.y);
  const left = Math.max(0, column * scale - patch.x);
  const right = Math.min(patch.widthPx, (column + 1) * scale - patch.x);
  let [red, green, blue] = [0, 0, 0];
  for (let y = top; y < bottom; y++) {
    for (
      let at = (y * patch.widthPx + left) * RGB_CHANNELS;
      at < (y * patch.widthPx + right) * RGB_CHANNELS;
      at += RGB_CHANNELS
    ) {
      red += patch.pixels[at]!;
      green += patch.pixels[at + 1]!;
      blue += patch.pixels[at + 2]!;
    }
  }
  const count = (bottom - top) * (right - left);
  pixels[target] = Math.round(red / count);
  pixels[target + 1] = Math.round(green / count);
  pixels[target + 2] = Math.round(blue / count);
  pixels[target + 3] = OPAQUE;
}
