/**
 * A slide looked at before it is cut: its scale, where tissue, glass and pen are, and which squares become patches of which
 * class. A slide that cannot be cut as asked is a fault here, with its sentence.
 */
import { AppError } from '@microtome/domain/app-error';
import { type DrawnOutline, toDrawnOutlines } from '@microtome/domain/outline/drawn-outline';
import type { PatchFacts } from '@microtome/domain/source/source-patch';
import { chooseLevel, layGrid, type TileGrid } from '@microtome/domain/tiling/tile-grid';
import { coverMask } from '@microtome/domain/tissue/mask-cover';
import { findTissue, PEN, TISSUE, type TissueMask } from '@microtome/domain/tissue/tissue-mask';
import { type Overview, readOverview } from '@microtome/slides/region/read-overview';
import type { Slide } from '@microtome/slides/slide';
import { accept, type Checked, refuse } from '../refusal.ts';
import type { TilingOptions } from '../tiling-options.ts';
import { type LabelOf, type LabelRules, labelTiles } from './label-tiles.ts';

const OVERVIEW_SIDE_MAX_PX = 2048;
/** Finer than this single cells and gaps between them would be told apart. */
const OVERVIEW_MICRONS_MIN = 4;
/** Of a patch; what is under ink cannot be seen. */
const PEN_MAX = 0.1;
/** What the file and a manifest say of one scale may differ by rounding. */
const SCALE_TOLERANCE = 0.01;

export type ExaminedSlide = {
  /** Of the finest level. */
  width: number;
  height: number;
  micronsPerPixel: number;
  grid: TileGrid;
  /** From which its patches are read. */
  level: number;
  overview: Overview;
  mask: TissueMask;
  /** Of all squares that lie wholly on the slide, why those that are left out are. */
  counts: { squares: number; glass: number; pen: number; between: number };
  /** What decided its labels and what else was drawn; none where outlines are not used. */
  outlines: DrawnOutline[];
  /** Places in pixels of the patches' scale, row by row. */
  tiles: { x: number; y: number; className: string }[];
};

type Examination = {
  /** Within its source. */
  path: string;
  facts: PatchFacts;
  options: TilingOptions;
  /** Of slides that tell none; null where none was given. */
  micronsPerPixel: number | null;
  labels: LabelRules;
};

export async function examineSlide(slide: Slide, wanted: Examination): Promise<Checked<ExaminedSlide>> {
  const { path, facts, options } = wanted;
  const [finest] = slide.levels;
  const { width, height } = finest!;
  const scale = findScale(slide, wanted);
  if (!scale.ok) return scale;
  const micronsPerPixel = scale.value;
  const grid = layChecked({ width, height, micronsPerPixel }, options);
  if (!grid.ok) return grid;
  const labelling = await labelTiles(
    { path, label: facts.className, size: { width, height } },
    wanted.labels,
    options,
  );
  if (!labelling.ok) return labelling;
  const { labelOf, outlines: drawn } = labelling.value;
  const downsampleMin = OVERVIEW_MICRONS_MIN / micronsPerPixel;
  const overview = await readOverview(slide, { sideMaxPx: OVERVIEW_SIDE_MAX_PX, downsampleMin });
  const mask = findTissue({ ...overview, micronsPerPixel: micronsPerPixel * overview.downsample });
  const level = chooseLevel(slide.levels, grid.value);
  const sorted = sortSquares({ grid: grid.value, mask, cellPx: overview.downsample }, labelOf, options);
  if (sorted.tiles.length === 0) return refuse('NO_TISSUE', describeNoTiles(sorted.counts, options));
  const outlines = drawn ? toDrawnOutlines(drawn, grid.value.scale) : [];
  return accept({
    width,
    height,
    micronsPerPixel,
    grid: grid.value,
    level,
    overview,
    mask,
    outlines,
    ...sorted,
  });
}

/** As the file tells it, or else as it was told; never guessed. */
function findScale(slide: Slide, { facts, micronsPerPixel }: Examination): Checked<number> {
  const [own, told] = [slide.micronsPerPixel, facts.micronsPerPixel];
  if (own !== null && told !== null && Math.abs(own / told - 1) > SCALE_TOLERANCE)
    return refuse(
      'NO_SCALE',
      `The file tells ${own} µm per pixel and the manifest ${told}: one of them is wrong.`,
    );
  const found = own ?? told ?? micronsPerPixel;
  if (found !== null) return accept(found);
  return refuse(
    'NO_SCALE',
    'It tells no µm per pixel: say them by a manifest, or for all such slides at once.',
  );
}

function layChecked(
  slide: { width: number; height: number; micronsPerPixel: number },
  options: TilingOptions,
): Checked<TileGrid> {
  try {
    return accept(layGrid(slide, options));
  } catch (error) {
    if (error instanceof AppError) return refuse('TOO_COARSE', `It ${error.message}`);
    throw error;
  }
}

type Ground = { grid: TileGrid; mask: TissueMask; cellPx: number };

function sortSquares({ grid, mask, cellPx }: Ground, labelOf: LabelOf, options: TilingOptions) {
  const tissueOf = coverMask(mask, { kind: TISSUE, cellPx });
  const penOf = coverMask(mask, { kind: PEN, cellPx });
  const counts = { squares: grid.columns * grid.rows, glass: 0, pen: 0, between: 0 };
  const tiles: ExaminedSlide['tiles'] = [];
  for (let row = 0; row < grid.rows; row += 1) {
    for (let column = 0; column < grid.columns; column += 1) {
      const [x, y] = [column * options.stridePx, row * options.stridePx];
      const square = { x: x * grid.scale, y: y * grid.scale, side: grid.side };
      if (penOf(square) > PEN_MAX) counts.pen += 1;
      else if (tissueOf(square) < options.tissueFrom) counts.glass += 1;
      else {
        const className = labelOf(square);
        if (className === null) counts.between += 1;
        else tiles.push({ x, y, className });
      }
    }
  }
  return { counts, tiles };
}

function describeNoTiles(
  { squares, glass, pen, between }: ExaminedSlide['counts'],
  options: TilingOptions,
): string {
  const size = `${options.tilePx} px at ${options.micronsPerPixel} µm per pixel`;
  if (squares === 0) return `It is smaller than a patch of ${size}.`;
  const left = `${glass} are glass, ${pen} under a pen, ${between} neither inside nor outside outlines`;
  return `None of its ${squares} squares of ${size} becomes a patch: ${left}.`;
}
