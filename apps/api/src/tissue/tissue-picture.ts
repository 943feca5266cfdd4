/** Puts patches back in their places: one picture of a slide, transparent where no patch was cut. */
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import sharp from 'sharp';

/** Above this the picture is sampled while it is assembled, so that memory stays bounded whatever the slide. */
const MAX_ASSEMBLED_SIDE_PX = 8192;
const RGBA = 4;

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
  patches: AsyncIterable<PlacedPatch> | Iterable<PlacedPatch>;
  /** The longer side of the result at most; the slide's own size when null. */
  maxSidePx: number | null;
};

/** The picture as PNG. */
export async function assembleTissue(request: TissueRequest): Promise<Buffer> {
  const { slideWidthPx, slideHeightPx, maxSidePx } = request;
  const stride = Math.max(1, Math.ceil(Math.max(slideWidthPx, slideHeightPx) / MAX_ASSEMBLED_SIDE_PX));
  const width = Math.ceil(slideWidthPx / stride);
  const height = Math.ceil(slideHeightPx / stride);
  const canvas = { pixels: new Uint8Array(width * height * RGBA), width, height, stride };
  for await (const patch of request.patches) drawPatch(canvas, patch);
  const picture = sharp(canvas.pixels, { raw: { width, height, channels: RGBA }, limitInputPixels: false });
  const scaled = maxSidePx
    ? picture.resize({ width: maxSidePx, height: maxSidePx, fit: 'inside', withoutEnlargement: true })
    : picture;
  return scaled.png({ compressionLevel: 6 }).toBuffer();
}

type Canvas = { pixels: Uint8Array; width: number; height: number; stride: number };

/** Draws every stride-th pixel of the patch, aligned to the slide and not to the patch. */
function drawPatch({ pixels, width, height, stride }: Canvas, patch: PlacedPatch): void {
  for (
    let row = Math.ceil(patch.y / stride);
    row * stride < patch.y + patch.heightPx && row < height;
    row++
  ) {
    const sourceRow = (row * stride - patch.y) * patch.widthPx;
    for (let column = Math.ceil(patch.x / stride); column * stride < patch.x + patch.widthPx; column++) {
      if (column >= width) break;
      const source = (sourceRow + column * stride - patch.x) * RGB_CHANNELS;
      const target = (row * width + column) * RGBA;
      pixels[target] = patch.pixels[source] ?? 0;
      pixels[target + 1] = patch.pixels[source + 1] ?? 0;
      pixels[target + 2] = patch.pixels[source + 2] ?? 0;
      pixels[target + 3] = 255;
    }
  }
}
