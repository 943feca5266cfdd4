/** Puts patches back in their places: one picture of a slide, transparent where no patch was cut. */
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
  const canvas = { pixels: new Uint8Array(width * height * RGBA), width, scale };
  for (const patch of patches) drawPatch(canvas, patch);
  const picture = sharp(canvas.pixels, { raw: { width, height, channels: RGBA }, limitInputPixels: false });
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

type Canvas = { pixels: Uint8Array; width: number; scale: number };

/** Every pixel of the picture that the patch touches becomes the mean of what the patch shows there. */
function drawPatch(canvas: Canvas, patch: PlacedPatch): void {
  const { scale } = canvas;
  const lastRow = Math.floor((patch.y + patch.heightPx - 1) / scale);
  const lastColumn = Math.floor((patch.x + patch.widthPx - 1) / scale);
  for (let row = Math.floor(patch.y / scale); row <= lastRow; row++) {
    for (let column = Math.floor(patch.x / scale); column <= lastColumn; column++) {
      drawMean(canvas, patch, { row, column });
    }
  }
}

function drawMean(
  { pixels, width, scale }: Canvas,
  patch: PlacedPatch,
  { row, column }: { row: number; column: number },
): void {
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
  const target = (row * width + column) * RGBA;
  pixels[target] = Math.round(red / count);
  pixels[target + 1] = Math.round(green / count);
  pixels[target + 2] = Math.round(blue / count);
  pixels[target + 3] = OPAQUE;
}
