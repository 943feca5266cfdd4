/** Draws one patch of the generated sample: pink tissue, fat, fibres and nuclei, in a patient's own stain. */

import { gaussian, type SeededRandom } from '@microtome/domain/seeded-random';
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';

type Color = [red: number, green: number, blue: number];

const EOSIN: Color = [226, 172, 204];
const HEMATOXYLIN: Color = [104, 66, 142];
const FAT: Color = [240, 236, 241];

/** What all patches of a patient share, as all sections of one staining do. */
type PatientStyle = {
  eosin: Color;
  hematoxylin: Color;
  /** Added to the number of nuclei of each patch. */
  nucleiShift: number;
  noise: number;
};

type Tissue = {
  nuclei: number;
  radiusPx: number;
  fatChance: number;
  fiberContrast: number;
  darkness: number;
};

/** The two kinds, by mean; what is drawn scatters widely around it. */
const NORMAL: Tissue = { nuclei: 13, radiusPx: 1.9, fatChance: 0.4, fiberContrast: 16, darkness: 0.62 };
const TUMOR: Tissue = { nuclei: 18, radiusPx: 2.25, fatChance: 0.15, fiberContrast: 8, darkness: 0.7 };

export function choosePatientStyle(random: SeededRandom): PatientStyle {
  const shift = (color: Color, spread: number) =>
    color.map((level) => level + spread * gaussian(random)) as Color;
  return {
    eosin: shift(EOSIN, 9),
    hematoxylin: shift(HEMATOXYLIN, 11),
    nucleiShift: 2.5 * gaussian(random),
    noise: 4 + 4 * random.next(),
  };
}

/** Pixels of a patch, uint8 RGB, row-major. Draws from `random`, so the order of calls matters. */
export function drawTissue({
  random,
  style,
  isTumor,
  widthPx,
  heightPx,
}: {
  random: SeededRandom;
  style: PatientStyle;
  isTumor: boolean;
  widthPx: number;
  heightPx: number;
}): Uint8Array {
  const tissue = isTumor ? TUMOR : NORMAL;
  const canvas = new Float64Array(widthPx * heightPx * RGB_CHANNELS);
  const patch = { canvas, widthPx, heightPx };
  drawFibers(patch, { random, color: style.eosin, contrast: tissue.fiberContrast });
  if (random.next() < tissue.fatChance) {
    drawDisc(patch, {
      ...pickPlace(random, patch),
      radiusPx: 7 + 8 * random.next(),
      color: FAT,
      opacity: 0.9,
    });
  }
  const nuclei = Math.max(0, Math.round(tissue.nuclei + style.nucleiShift + 5 * gaussian(random)));
  for (let drawn = 0; drawn < nuclei; drawn++) {
    const radiusPx = Math.max(1, tissue.radiusPx + 0.6 * gaussian(random));
    const opacity = Math.min(0.95, Math.max(0.25, tissue.darkness + 0.12 * gaussian(random)));
    drawDisc(patch, { ...pickPlace(random, patch), radiusPx, color: style.hematoxylin, opacity });
  }
  return addNoise(canvas, { random, noise: style.noise });
}

type Patch = { canvas: Float64Array; widthPx: number; heightPx: number };

/** Waves across the patch in a random direction: stroma where they are strong, epithelium where they are not. */
function drawFibers(
  { canvas, widthPx, heightPx }: Patch,
  { random, color, contrast }: { random: SeededRandom; color: Color; contrast: number },
): void {
  const angle = Math.PI * random.next();
  const wavelengthPx = 5 + 9 * random.next();
  const phase = 2 * Math.PI * random.next();
  const strength = contrast * (0.4 + 1.2 * random.next());
  const [stepX, stepY] = [Math.cos(angle), Math.sin(angle)].map(
    (step) => (2 * Math.PI * step) / wavelengthPx,
  ) as [number, number];
  for (let pixel = 0; pixel < widthPx * heightPx; pixel++) {
    const wave = strength * Math.sin(phase + stepX * (pixel % widthPx) + stepY * Math.floor(pixel / widthPx));
    for (let channel = 0; channel < RGB_CHANNELS; channel++)
      canvas[pixel * RGB_CHANNELS + channel] = color[channel]! + wave;
  }
}

function pickPlace(random: SeededRandom, { widthPx, heightPx }: Patch): { x: number; y: number } {
  return { x: random.next() * widthPx, y: random.next() * heightPx };
}

/** Blends a disc with a soft edge of one pixel into the patch. */
function drawDisc(
  { canvas, widthPx, heightPx }: Patch,
  disc: { x: number; y: number; radiusPx: number; color: Color; opacity: number },
): void {
  const reach = disc.radiusPx + 1;
  for (let y = Math.max(0, Math.floor(disc.y - reach)); y < Math.min(heightPx, disc.y + reach); y++) {
    for (let x = Math.max(0, Math.floor(disc.x - reach)); x < Math.min(widthPx, disc.x + reach); x++) {
      const inside = reach - Math.sqrt((x - disc.x) ** 2 + (y - disc.y) ** 2);
      const weight = disc.opacity * Math.min(1, Math.max(0, inside));
      const start = (y * widthPx + x) * RGB_CHANNELS;
      for (let channel = 0; channel < RGB_CHANNELS; channel++) {
        canvas[start + channel]! += weight * (disc.color[channel]! - canvas[start + channel]!);
      }
    }
  }
}

function addNoise(
  canvas: Float64Array,
  { random, noise }: { random: SeededRandom; noise: number },
): Uint8Array {
  return Uint8Array.from(canvas, (level) => {
    const noisy = level + 2 * noise * (random.next() + random.next() - 1);
    return Math.min(255, Math.max(0, Math.round(noisy)));
  });
}
