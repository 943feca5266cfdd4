/** Lengths on a slide in words: a round length for the scale bar, the magnification, a place. Pure. */
import { formatAmount, formatCount } from '../format/format-number.ts';

type Scale = {
  /** Pixels of the screen for one of the slide. */
  zoom: number;
  /** Null where the source does not tell. */
  micronsPerPixel: number | null;
};

const STEPS = [1, 2, 5];
const UM_PER_MM = 1000;
/** An objective of 10x sees about a micrometre a pixel. */
const MAGNIFICATION_AT_ONE_UM = 10;

/** The longest round length that is no wider on the screen: in µm or mm where the scale is known, in pixels of the slide elsewhere. */
export function chooseScaleBar(
  { zoom, micronsPerPixel }: Scale,
  maxWidthPx: number,
): { widthPx: number; text: string } {
  const unitPx = zoom / (micronsPerPixel ?? 1);
  const largest = maxWidthPx / unitPx;
  const power = 10 ** Math.floor(Math.log10(largest));
  const length = power * (STEPS.findLast((step) => step * power <= largest) ?? 1);
  return {
    widthPx: length * unitPx,
    text: micronsPerPixel === null ? `${formatCount(length)} px` : formatLength(length),
  };
}

/** As on a microscope, `12.5×`; where the scale is unknown, how large a pixel of the slide is. */
export function describeMagnification({ zoom, micronsPerPixel }: Scale): string {
  if (micronsPerPixel === null) return `${Math.round(100 * zoom)} %`;
  const magnification = (MAGNIFICATION_AT_ONE_UM * zoom) / micronsPerPixel;
  return `${magnification < 10 ? magnification.toFixed(1) : Math.round(magnification)}×`;
}

export function describePlace({ x, y }: { x: number; y: number }, micronsPerPixel: number | null): string {
  const [across, down] = [x, y].map((length) => formatCount(Math.round(length * (micronsPerPixel ?? 1))));
  return `${across}, ${down} ${micronsPerPixel === null ? 'px' : 'µm'}`;
}

/** Of a square of so many pixels a side. */
export function describeArea(squares: number, sidePx: number, micronsPerPixel: number | null): string | null {
  if (micronsPerPixel === null) return null;
  return `${formatAmount((squares * (sidePx * micronsPerPixel) ** 2) / UM_PER_MM ** 2)} mm²`;
}

function formatLength(microns: number): string {
  if (microns >= UM_PER_MM) return `${formatCount(microns / UM_PER_MM)} mm`;
  return `${microns < 1 ? microns : formatCount(microns)} µm`;
}
