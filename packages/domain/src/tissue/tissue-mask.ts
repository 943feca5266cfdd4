/**
 * What lies where on a slide, told from a small picture of it: glass, tissue, or the ink of a pen. Stained tissue has more
 * colour than glass (saturation, parted by Otsu's threshold); ink has colours that stains of tissue do not have. Small
 * holes in tissue are tissue, small specks on glass are not.
 */
import { listIslands } from './islands.ts';
import { findOtsuThreshold } from './otsu.ts';

export const GLASS = 0;
export const TISSUE = 1;
export const PEN = 2;

export type TissueMask = {
  width: number;
  height: number;
  /** GLASS, TISSUE or PEN of each pixel, rows from the top. */
  kinds: Uint8Array;
  /** From which saturation on, 0 to 255, a pixel was taken for tissue. */
  saturationFrom: number;
};

type SmallPicture = { width: number; height: number; pixels: Uint8Array; micronsPerPixel: number };

/** Otsu parts any picture in two, also one of tissue or of glass alone: what it may call tissue stays within these. */
const SATURATION_FROM_MIN = 13;
const SATURATION_FROM_MAX = 51;
/** Hues of inks: no stain of tissue is yellow-green, green, cyan or plain blue. Degrees. */
const INK_HUES = { from: 60, to: 240 };
/** A red as pure as this is no eosin. */
const RED_INK = { hueWithin: 15, saturationFrom: 165 };
/** Darker than any stain: black ink, or the rim of the glass. Its saturation is noise. */
const BLACK_BELOW = 64;
const HOLE_MAX_MM2 = 0.25;
const SPECK_MAX_MM2 = 0.01;
/** A pen's stroke is half a millimetre wide. */
const INK_SPECK_MAX_MM2 = 0.05;
const ROUNDING = 1e-6;

export function findTissue(picture: SmallPicture): TissueMask {
  const { width, height, pixels, micronsPerPixel } = picture;
  const count = width * height;
  const saturations = new Uint8Array(count);
  const kinds = new Uint8Array(count);
  const histogram = new Uint32Array(256);
  for (let at = 0; at < count; at += 1) {
    const [red, green, blue] = [pixels[at * 3]!, pixels[at * 3 + 1]!, pixels[at * 3 + 2]!];
    const most = Math.max(red, green, blue);
    const spread = most - Math.min(red, green, blue);
    const saturation = most === 0 ? 0 : Math.round((255 * spread) / most);
    saturations[at] = saturation;
    if (isInk({ red, green, blue, most, spread, saturation })) kinds[at] = PEN;
    else histogram[saturation]! += 1;
  }
  const otsu = findOtsuThreshold(histogram);
  const saturationFrom = Math.min(Math.max(otsu, SATURATION_FROM_MIN), SATURATION_FROM_MAX);
  const mask = { width, height, kinds, saturationFrom };
  const cellsIn = (mm2: number) => Math.floor(mm2 / (micronsPerPixel / 1000) ** 2 + ROUNDING);
  const isTissue = (at: number) => saturations[at]! >= saturationFrom;
  turnIslands(mask, { kind: PEN, cellsMax: cellsIn(INK_SPECK_MAX_MM2), to: (at) => Number(isTissue(at)) });
  growInk(mask);
  for (let at = 0; at < count; at += 1) if (kinds[at] !== PEN) kinds[at] = Number(isTissue(at));
  turnIslands(mask, { kind: GLASS, cellsMax: cellsIn(HOLE_MAX_MM2), isInner: true, to: () => TISSUE });
  turnIslands(mask, { kind: TISSUE, cellsMax: cellsIn(SPECK_MAX_MM2), isInner: true, to: () => GLASS });
  return mask;
}

type Colour = { red: number; green: number; blue: number; most: number; spread: number; saturation: number };

function isInk(colour: Colour): boolean {
  const { most, saturation } = colour;
  if (most < BLACK_BELOW) return true;
  if (saturation < SATURATION_FROM_MIN) return false;
  const hue = findHue(colour);
  if (hue >= INK_HUES.from && hue < INK_HUES.to) return true;
  const fromRed = Math.min(hue, 360 - hue);
  return fromRed <= RED_INK.hueWithin && saturation >= RED_INK.saturationFrom;
}

/** In degrees: red is 0, green 120, blue 240. */
function findHue({ red, green, blue, most, spread }: Colour): number {
  if (spread === 0) return 0;
  if (most === red) return (((green - blue) / spread) * 60 + 360) % 360;
  if (most === green) return ((blue - red) / spread + 2) * 60;
  return ((red - green) / spread + 4) * 60;
}

type Turn = { kind: number; cellsMax: number; isInner?: boolean; to: (cell: number) => number };

/** Islands up to a size become what each of their cells is turned to; with `isInner` those at the edge stay, which may go on beyond it. */
function turnIslands(mask: TissueMask, { kind, cellsMax, isInner = false, to }: Turn): void {
  for (const { cells, touchesEdge } of listIslands(mask, kind)) {
    if (cells.length > cellsMax || (isInner && touchesEdge)) continue;
    for (const cell of cells) mask.kinds[cell] = to(cell);
  }
}

/** By a pixel to each side: at its rim ink is mixed with what lies around it. */
function growInk({ width, height, kinds }: TissueMask): void {
  const before = kinds.slice();
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (before[y * width + x] !== PEN) continue;
      for (let row = Math.max(0, y - 1); row <= Math.min(height - 1, y + 1); row += 1) {
        for (let column = Math.max(0, x - 1); column <= Math.min(width - 1, x + 1); column += 1)
          kinds[row * width + column] = PEN;
      }
    }
  }
}
