/**
 * Hot spots of a slide as GeoJSON that QuPath opens: one annotation each, in pixels of the slide's finest level, whose border follows
 * the squares that were called. Squares that touch by corners alone are parts of one annotation.
 */
import { traceContour } from '../slide/cell-contour.ts';
import type { HeatmapGrid } from '../slide/heatmap-grid.ts';
import { LABEL_COLOURS } from '../slide/slide-colours.ts';
import { type HotSpot, rankSpotCells } from '../slide/slide-findings.ts';

type Cell = { column: number; row: number };
type Ring = [number, number][];

type SpotsRequest = {
  grid: HeatmapGrid;
  threshold: number;
  /** What the positive side is called. */
  className: string;
  /** Pixels of the slide's finest level for one of the grid's. */
  scale: number;
  /** Of one cell. */
  cellMm2: number;
};

type SpotFeature = {
  type: 'Feature';
  geometry: { type: 'Polygon'; coordinates: Ring[] } | { type: 'MultiPolygon'; coordinates: Ring[][] };
  properties: {
    objectType: 'annotation';
    name: string;
    classification: { name: string; color: [number, number, number] };
    measurements: Record<string, number>;
  };
};

/** The heaviest first. */
export function describeSpots({ grid, threshold, className, scale, cellMm2 }: SpotsRequest): SpotFeature[] {
  const [red, green, blue] = LABEL_COLOURS.positive;
  return rankSpotCells(grid, threshold).map(({ spot, cells }, at) => ({
    type: 'Feature',
    geometry: outline(cells, grid.columns, grid.cellPx * scale),
    properties: {
      objectType: 'annotation',
      name: `Hot spot ${at + 1}`,
      classification: { name: className, color: [red, green, blue] },
      measurements: measureSpot(spot, cellMm2),
    },
  }));
}

function measureSpot({ patches, peak, weight }: HotSpot, cellMm2: number): Record<string, number> {
  return { Squares: patches, 'Area mm^2': patches * cellMm2, 'Highest probability': peak, Weight: weight };
}

function outline(cells: readonly Cell[], columns: number, cellPx: number): SpotFeature['geometry'] {
  const polygons = splitByEdges(cells, columns).map((part) => tracePart(part, columns, cellPx));
  const [only] = polygons;
  return only && polygons.length === 1
    ? { type: 'Polygon', coordinates: only }
    : { type: 'MultiPolygon', coordinates: polygons };
}

/** Parts whose cells touch by their edges. */
function splitByEdges(cells: readonly Cell[], columns: number): Cell[][] {
  const left = new Map(cells.map((cell) => [cell.row * columns + cell.column, cell]));
  const parts: Cell[][] = [];
  for (const first of left.values()) {
    const part: Cell[] = [];
    const waiting = [first];
    for (let cell = waiting.pop(); cell; cell = waiting.pop()) {
      const { column, row } = cell;
      if (!left.delete(row * columns + column)) continue;
      part.push(cell);
      const beside = [
        column > 0 ? row * columns + column - 1 : -1,
        column < columns - 1 ? row * columns + column + 1 : -1,
        (row - 1) * columns + column,
        (row + 1) * columns + column,
      ];
      for (const place of beside) {
        const next = left.get(place);
        if (next) waiting.push(next);
      }
    }
    parts.push(part);
  }
  return parts;
}

/** One ring around such a part, which comes first, and one around each of its holes. */
function tracePart(part: readonly Cell[], columns: number, cellPx: number): Ring[] {
  const rings = traceContour(part, columns).map((corners) => {
    const ring: Ring = [];
    for (let at = 0; at < corners.length; at += 2)
      ring.push([round(corners[at]! * cellPx), round(corners[at + 1]! * cellPx)]);
    ring.push([...ring[0]!]);
    return ring;
  });
  return rings.sort((a, b) => Math.abs(measureTwice(b)) - Math.abs(measureTwice(a)));
}

function measureTwice(ring: Ring): number {
  return ring.reduce((sum, [x, y], at) => {
    const [nextX, nextY] = ring[(at + 1) % ring.length]!;
    return sum + x * nextY - nextX * y;
  }, 0);
}

/** A hundredth of a pixel is nothing on a slide. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}
