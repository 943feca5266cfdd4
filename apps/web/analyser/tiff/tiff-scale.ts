/** µm per pixel as a TIFF tells it: Aperio's own words, OME-XML, or the resolution fields. Pure. */
import { FileFault, formatNumber } from '../source/pixel-source.ts';

const MICRONS_MIN = 0.05;
const MICRONS_MAX = 20;
const ANISOTROPY_MAX = 0.01;
const MICRONS_PER_UNIT: Readonly<Record<number, number>> = { 2: 25_400, 3: 10_000 };
/** 600 dots an inch are 42 µm: what is coarser was meant for paper, and says nothing of tissue. */
const PAPER_FROM_MICRONS = 40;

type Resolution = { x: number | null; y: number | null; unit: number };

/** Null where the file does not tell. @throws FileFault for a scale that cannot be */
export function readTiffScale(description: string, { x, y, unit }: Resolution): number | null {
  if (description.startsWith('Aperio')) {
    const written = Number(/(?:^|\|)\s*MPP\s*=\s*([^|\s]+)/.exec(description)?.[1] ?? Number.NaN);
    return Number.isNaN(written) ? null : judge(written, written);
  }
  const [omeX, omeY] = ['X', 'Y'].map((axis) => readOmeSize(description, axis));
  if (omeX && omeY) return judge(omeX, omeY);
  const perUnit = MICRONS_PER_UNIT[unit];
  if (!perUnit || !x || !y || Math.min(perUnit / x, perUnit / y) >= PAPER_FROM_MICRONS) return null;
  return judge(perUnit / x, perUnit / y);
}

/** Only where its unit is µm, as it is when none is told. */
function readOmeSize(description: string, axis: string): number | null {
  const pixels = /<Pixels\b[^>]*>/.exec(description)?.[0];
  const unit = pixels && new RegExp(`PhysicalSize${axis}Unit="([^"]*)"`).exec(pixels)?.[1];
  const size = pixels && new RegExp(`PhysicalSize${axis}="([^"]*)"`).exec(pixels)?.[1];
  const isMicrons = unit === undefined || ['µm', '\u03bcm', '&#181;m', '&#xB5;m'].includes(unit);
  return size && isMicrons ? Number(size) : null;
}

function judge(x: number, y: number): number {
  for (const value of [x, y]) {
    if (!(value >= MICRONS_MIN && value <= MICRONS_MAX))
      throw new FileFault(
        `tells ${formatNumber(value)} µm per pixel; no slide has less than ${MICRONS_MIN} or more than ${MICRONS_MAX}.`,
      );
  }
  if (Math.abs(x - y) > ANISOTROPY_MAX * Math.max(x, y))
    throw new FileFault(`has pixels of ${formatNumber(x)} × ${formatNumber(y)} µm, which are not square.`);
  return x === y ? x : (x + y) / 2;
}
