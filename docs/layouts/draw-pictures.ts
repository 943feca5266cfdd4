/**
 * Draws pictures under given names, where a public set gives lists of its files and not the files: seeded tissue, one
 * stain a key, encoded as the ending of the name says.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { createRandom, deriveSeed } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { choosePatientStyle, drawTissue } from '../../apps/cli/src/demo/sample-tissue.ts';

export type WantedPicture = {
  /** Below the root, with slashes. */
  path: string;
  widthPx: number;
  heightPx: number;
  /** Pictures of one key share a stain, as those of one slide do. */
  stainKey: string;
  isTumor: boolean;
  /** Added to red, green and blue: what a scanner does to all that it sees. */
  tint?: readonly [number, number, number];
};

/** Tissue is drawn at this width at most and enlarged: nuclei stay in proportion, and it takes a moment less. */
const DRAWN_WIDTH_MAX_PX = 100;
const IN_FLIGHT = 8;

/** The same seed and names give the same pixels. */
export async function drawPictures(
  root: string,
  pictures: readonly WantedPicture[],
  seed: number,
): Promise<void> {
  for (const folder of new Set(pictures.map(({ path }) => dirname(path)))) {
    await mkdir(join(root, folder), { recursive: true });
  }
  let next = 0;
  const work = async () => {
    for (let picture = pictures[next++]; picture; picture = pictures[next++]) {
      await writeFile(join(root, picture.path), await drawPicture(picture, seed));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, work));
}

async function drawPicture(picture: WantedPicture, seed: number): Promise<Buffer> {
  const { path, widthPx, heightPx, stainKey, isTumor, tint = [0, 0, 0] } = picture;
  const scale = Math.min(1, DRAWN_WIDTH_MAX_PX / widthPx);
  const size = { widthPx: Math.round(widthPx * scale), heightPx: Math.round(heightPx * scale) };
  const style = choosePatientStyle(createRandom(deriveSeed(seed, 'stain', stainKey)));
  const random = createRandom(deriveSeed(seed, 'picture', path));
  const pixels = drawTissue({ random, style, isTumor, ...size });
  for (const [at, level] of pixels.entries()) {
    pixels[at] = Math.max(0, Math.min(255, level + tint[at % 3]!));
  }
  const drawn = sharp(pixels, { raw: { width: size.widthPx, height: size.heightPx, channels: 3 } });
  const resized = scale < 1 ? drawn.resize(widthPx, heightPx, { fit: 'fill' }) : drawn;
  switch (extname(path)) {
    case '.tif':
      return resized.tiff({ compression: 'none' }).toBuffer();
    case '.png':
      return resized.png({ compressionLevel: 3 }).toBuffer();
    default:
      return resized.jpeg({ quality: 90 }).toBuffer();
  }
}
