/** Which pictures and contours are drawn for the layers that are switched on. Pure. */
import type { SLIDE_LAYERS } from '../address/page-addresses.ts';
import type { SlideColors } from '../tissue/use-slide-colors.ts';
import { paintDifference, paintErrors, paintProbabilities } from './cell-images.ts';
import type { SlideGrid } from './slide-grid.ts';
import type { OverlayContour, OverlayFill } from './stage-overlay.ts';

export type SlideLayer = (typeof SLIDE_LAYERS)[number];

type SceneRequest = {
  grid: SlideGrid;
  /** What each is subtracted from, for the layer of differences: the first run and the second. */
  compared: { first: SlideGrid; second: SlideGrid } | null;
  layers: readonly SlideLayer[];
  colors: SlideColors;
};

/** From below to above. */
export function composeLayers({
  grid,
  compared,
  layers,
  colors,
}: SceneRequest): (OverlayFill | OverlayContour)[] {
  const fill = (pixels: OverlayFill['pixels']): OverlayFill => ({ kind: 'FILL', pixels });
  const contour = (rings: number[][], color: string, dashed: boolean): OverlayContour => ({
    kind: 'CONTOUR',
    rings,
    color,
    dashed,
  });
  const drawn: Record<SlideLayer, () => (OverlayFill | OverlayContour)[]> = {
    probability: () => [fill(paintProbabilities(grid, colors))],
    difference: () => (compared ? [fill(paintDifference(compared.first, compared.second, colors))] : []),
    errors: () => [fill(paintErrors(grid, colors))],
    called: () => [contour(grid.calledContour, colors.called, false)],
    truth: () => [contour(grid.truthContour, colors.positive, true)],
  };
  const order: readonly SlideLayer[] = ['probability', 'difference', 'errors', 'called', 'truth'];
  return order.filter((layer) => layers.includes(layer)).flatMap((layer) => drawn[layer]());
}

/** What there is to switch on. */
export function listLayers(grid: SlideGrid | null, hasSecond: boolean): SlideLayer[] {
  if (!grid) return [];
  const isPredicted = grid.probabilities.some((probability) => probability !== null);
  return [
    ...(isPredicted ? (['probability', 'called'] as const) : []),
    ...(grid.hasLabels ? (['truth'] as const) : []),
    ...(isPredicted && grid.hasLabels ? (['errors'] as const) : []),
    ...(isPredicted && hasSecond ? (['difference'] as const) : []),
  ];
}
