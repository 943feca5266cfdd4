/** Which pictures and contours are drawn for the layers that are switched on. Pure. */
import type { SLIDE_LAYERS } from '../address/page-addresses.ts';
import type { SlideColors } from '../tissue/use-slide-colors.ts';
import { paintDifference, paintErrors, paintProbabilities } from './cell-images.ts';
import type { OverlayContour, OverlayFill } from './overlay-drawing.ts';
import type { SlideGrid, SlideOutline } from './slide-grid.ts';

export type SlideLayer = (typeof SLIDE_LAYERS)[number];

type SceneRequest = {
  /** Null where no model is shown. */
  grid: SlideGrid | null;
  outlines: readonly SlideOutline[];
  /** What each is subtracted from, for the layer of differences: the first run and the second. */
  compared: { first: SlideGrid; second: SlideGrid } | null;
  layers: readonly SlideLayer[];
  colors: SlideColors;
};

/** From below to above. */
export function composeLayers({
  grid,
  outlines,
  compared,
  layers,
  colors,
}: SceneRequest): (OverlayFill | OverlayContour)[] {
  const fill = (pixels: OverlayFill['pixels']): OverlayFill => ({ kind: 'FILL', pixels });
  const contour = (rings: number[][], color: string, dashed: boolean): OverlayContour[] =>
    grid ? [{ kind: 'CONTOUR', rings, unitPx: grid.cellPx, color, dashed, veiled: true }] : [];
  const drawn: Record<SlideLayer, () => (OverlayFill | OverlayContour)[]> = {
    probability: () => (grid ? [fill(paintProbabilities(grid, colors))] : []),
    context: () => (grid?.context ? [fill(paintProbabilities({ ...grid, ...grid.context }, colors))] : []),
    own: () => (grid?.own ? [fill(paintProbabilities({ ...grid, ...grid.own }, colors))] : []),
    difference: () => (compared ? [fill(paintDifference(compared.first, compared.second, colors))] : []),
    errors: () => (grid ? [fill(paintErrors(grid, colors))] : []),
    called: () => contour(grid?.calledContour ?? [], colors.called, false),
    truth: () => contour(grid?.truthContour ?? [], colors.positive, true),
    outlines: () => drawOutlines(outlines, colors),
  };
  const order: readonly SlideLayer[] = [
    'probability',
    'own',
    'context',
    'difference',
    'errors',
    'called',
    'truth',
    'outlines',
  ];
  return order.filter((layer) => layers.includes(layer)).flatMap((layer) => drawn[layer]());
}

/** As lines alone: what lies within is what is to be looked at. */
function drawOutlines(outlines: readonly SlideOutline[], colors: SlideColors): OverlayContour[] {
  const looks: Record<SlideOutline['role'], { color: string; dashed: boolean }> = {
    OTHER: { color: colors.otherOutline, dashed: false },
    HOLE: { color: colors.otherOutline, dashed: true },
    POSITIVE: { color: colors.positive, dashed: false },
  };
  return (['OTHER', 'HOLE', 'POSITIVE'] as const).flatMap((role) => {
    const rings = outlines.filter((outline) => outline.role === role).flatMap((outline) => outline.rings);
    return rings.length > 0
      ? [{ kind: 'CONTOUR' as const, rings, unitPx: 1, veiled: false, ...looks[role] }]
      : [];
  });
}

type Shown = { grid: SlideGrid | null; hasSecond: boolean; hasOutlines: boolean };

/** What there is to switch on. */
export function listLayers({ grid, hasSecond, hasOutlines }: Shown): SlideLayer[] {
  const drawn = hasOutlines ? (['outlines'] as const) : [];
  if (!grid) return [...drawn];
  const isPredicted = grid.probabilities.some((probability) => probability !== null);
  return [
    ...(isPredicted ? (['probability'] as const) : []),
    ...(grid.context ? (['context'] as const) : []),
    ...(grid.own ? (['own'] as const) : []),
    ...(isPredicted ? (['called'] as const) : []),
    ...(grid.hasLabels ? (['truth'] as const) : []),
    ...drawn,
    ...(isPredicted && grid.hasLabels ? (['errors'] as const) : []),
    ...(isPredicted && hasSecond ? (['difference'] as const) : []),
  ];
}
