/** The small pictures of a slide that are shown before it is cut: as it looks, and what was taken for tissue and for ink. */
import { PEN, TISSUE } from '@microtome/domain/tissue/tissue-mask';
import sharp from 'sharp';
import type { ExaminedSlide } from './examine-slide.ts';

type Drawn = Pick<ExaminedSlide, 'overview' | 'mask'>;

const RGBA = 4;
/** Red, green, blue, and how far they cover. */
const TISSUE_TINT = [0, 150, 100, 110];
const PEN_TINT = [255, 120, 0, 200];
const QUALITY = 82;

/** `picture` is a WebP, `overlay` a transparent PNG of the same size. */
export async function drawMask(
  slide: Drawn,
  sideMaxPx: number,
): Promise<{ picture: Buffer; overlay: Buffer }> {
  const { picture, overlay } = drawLayers(slide, sideMaxPx);
  return {
    picture: await picture.webp({ quality: QUALITY }).toBuffer(),
    overlay: await overlay.png({ palette: true }).toBuffer(),
  };
}

/** Both in one PNG. */
export async function drawMaskedPicture(slide: Drawn, sideMaxPx: number): Promise<Buffer> {
  const { picture, overlay } = drawLayers(slide, sideMaxPx);
  return sharp(await picture.png().toBuffer())
    .composite([{ input: await overlay.png().toBuffer() }])
    .png()
    .toBuffer();
}

function drawLayers({ overview, mask }: Drawn, sideMaxPx: number) {
  const { width, height } = overview;
  const shrink = Math.min(1, sideMaxPx / Math.max(width, height));
  const size = [Math.max(1, Math.round(width * shrink)), Math.max(1, Math.round(height * shrink))] as const;
  const tinted = new Uint8Array(width * height * RGBA);
  for (const [at, kind] of mask.kinds.entries()) {
    if (kind === TISSUE) tinted.set(TISSUE_TINT, at * RGBA);
    else if (kind === PEN) tinted.set(PEN_TINT, at * RGBA);
  }
  return {
    picture: sharp(overview.pixels, { raw: { width, height, channels: 3 } }).resize(...size, { fit: 'fill' }),
    overlay: sharp(tinted, { raw: { width, height, channels: RGBA } }).resize(...size, {
      fit: 'fill',
      kernel: 'nearest',
    }),
  };
}
