/**
 * The layers of a slide as pictures of one pixel a cell, RGBA, to be drawn enlarged without smoothing. Cells without a
 * patch or without a prediction stay transparent. Colours come from the API. Pure.
 */
import type { SlideColors } from '../tissue/use-slide-colors.ts';
import type { SlideGrid } from './slide-grid.ts';

type Rgb = readonly [number, number, number];

const CHANNELS = 4;
const OPAQUE = 255;
const HEX = 16;

type Cells = Pick<SlideGrid, 'cellPx' | 'columns' | 'rows' | 'x' | 'y'>;

export function paintProbabilities(
  grid: Cells & Pick<SlideGrid, 'probabilities' | 'threshold'>,
  colors: Pick<SlideColors, 'below' | 'above'>,
): Uint8ClampedArray<ArrayBuffer> {
  const [below, above] = [colors.below.map(readColor), colors.above.map(readColor)];
  const { threshold } = grid;
  const share = (probability: number) =>
    probability < threshold
      ? probability / threshold
      : threshold < 1
        ? (probability - threshold) / (1 - threshold)
        : 1;
  return paint(grid, (at) => {
    const probability = grid.probabilities[at] ?? null;
    if (probability === null) return null;
    const color = pick(probability >= threshold ? above : below, share(probability));
    return { color, rank: probability };
  });
}

/** Where patches share a cell, wrong calls are seen first, and among them the missed ones. */
export function paintErrors(
  grid: Cells & Pick<SlideGrid, 'probabilities' | 'threshold' | 'labels'>,
  colors: Pick<SlideColors, 'truePositive' | 'falsePositive' | 'falseNegative'>,
): Uint8ClampedArray<ArrayBuffer> {
  const ranked = [colors.truePositive, colors.falsePositive, colors.falseNegative].map(readColor);
  return paint(grid, (at) => {
    const probability = grid.probabilities[at] ?? null;
    if (probability === null || !grid.labels) return null;
    const isPositive = grid.labels[at] === 1;
    const isCalled = probability >= grid.threshold;
    if (!isPositive && !isCalled) return null;
    const rank = isPositive ? (isCalled ? 0 : 2) : 1;
    return { color: ranked[rank]!, rank };
  });
}

/** What the second run says less the first, of patches that both predicted. */
export function paintDifference(
  first: Cells & Pick<SlideGrid, 'probabilities' | 'indexes'>,
  second: Pick<SlideGrid, 'probabilities' | 'indexes'>,
  colors: Pick<SlideColors, 'less' | 'more'>,
): Uint8ClampedArray<ArrayBuffer> {
  const differences = subtractGrids(first, second);
  const [less, more] = [colors.less.map(readColor), colors.more.map(readColor)];
  return paint(first, (at) => {
    const difference = differences[at] ?? null;
    if (difference === null) return null;
    const color = difference < 0 ? pick(less, 1 + difference) : pick(more, difference);
    return { color, rank: Math.abs(difference) };
  });
}

/** For each patch of the first: the probability of the second less that of the first; null where one has none. */
export function subtractGrids(
  first: Pick<SlideGrid, 'probabilities' | 'indexes'>,
  second: Pick<SlideGrid, 'probabilities' | 'indexes'>,
): (number | null)[] {
  const seconds = new Map(second.indexes.map((index, at) => [index, second.probabilities[at] ?? null]));
  return first.indexes.map((index, at) => {
    const [mine, theirs] = [first.probabilities[at] ?? null, seconds.get(index) ?? null];
    return mine === null || theirs === null ? null : theirs - mine;
  });
}

/** Every patch colours its cell; of several in one cell the highest rank is seen. */
function paint(
  { cellPx, columns, rows, x, y }: Cells,
  look: (at: number) => { color: Rgb; rank: number } | null,
): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(columns * rows * CHANNELS);
  const ranks = new Float64Array(columns * rows).fill(Number.NEGATIVE_INFINITY);
  for (const [at, left] of x.entries()) {
    const seen = look(at);
    const cell = Math.floor((y[at] ?? 0) / cellPx) * columns + Math.floor(left / cellPx);
    if (!seen || seen.rank < (ranks[cell] ?? 0)) continue;
    ranks[cell] = seen.rank;
    pixels.set([...seen.color, OPAQUE], cell * CHANNELS);
  }
  return pixels;
}

/** The colour at a share from 0 to 1 of evenly spaced ones. */
function pick(colors: readonly Rgb[], share: number): Rgb {
  const at = Math.round(Math.min(1, Math.max(0, share)) * (colors.length - 1));
  return colors[at]!;
}

/** Of `#rrggbb`. */
function readColor(text: string): Rgb {
  const value = Number.parseInt(text.slice(1), HEX);
  return [value >> 16, (value >> 8) & OPAQUE, value & OPAQUE];
}
