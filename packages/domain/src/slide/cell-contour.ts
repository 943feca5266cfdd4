/**
 * The outline of a set of cells, as rings that follow the borders of the cells themselves: nothing is smoothed, so that what lies
 * inside is exactly what was called or labelled. Cells that only touch at a corner have rings of their own.
 */

type Cell = { column: number; row: number };

/** Corners as x, y, x, y …, in cells from the upper left of the grid; the ring closes by itself. */
export type Ring = number[];

const UP = 0;
const RIGHT = 1;
const DOWN = 2;
const LEFT = 3;
const STEPS = [
  { x: 0, y: -1 },
  { x: 1, y: 0 },
  { x: 0, y: 1 },
  { x: -1, y: 0 },
] as const;
const DIRECTIONS = 4;

/** Outer borders run clockwise, those of holes the other way. Cells that are given twice count once. */
export function traceContour(cells: readonly Cell[], columns: number): Ring[] {
  const rings: Ring[] = [];
  const left = collectBorders(cells, columns);
  for (const key of left) rings.push(followRing(key, left, columns + 1));
  return rings;
}

/** Corner and direction of every border that has a cell of the set on its right and none on its left. */
function collectBorders(cells: readonly Cell[], columns: number): Set<number> {
  const members = new Set(cells.map(({ column, row }) => row * columns + column));
  const width = columns + 1;
  const borders = new Set<number>();
  for (const { column, row } of cells) {
    const add = (x: number, y: number, direction: number) =>
      borders.add((y * width + x) * DIRECTIONS + direction);
    const at = row * columns + column;
    if (!members.has(at - columns)) add(column, row, RIGHT);
    if (column === columns - 1 || !members.has(at + 1)) add(column + 1, row, DOWN);
    if (!members.has(at + columns)) add(column + 1, row + 1, LEFT);
    if (column === 0 || !members.has(at - 1)) add(column, row + 1, UP);
  }
  return borders;
}

/** Takes the borders of one ring out of `left`. Where two rings touch, turning right keeps to the same cell. */
function followRing(first: number, left: Set<number>, width: number): Ring {
  const ring: Ring = [];
  let key = first;
  let last = -1;
  while (left.delete(key)) {
    const direction = key % DIRECTIONS;
    const corner = Math.floor(key / DIRECTIONS);
    const [x, y] = [corner % width, Math.floor(corner / width)];
    if (direction !== last) ring.push(x, y);
    last = direction;
    const step = STEPS[direction as 0 | 1 | 2 | 3];
    const next = ((y + step.y) * width + x + step.x) * DIRECTIONS;
    const turns = [direction + 1, direction, direction + 3].map((turn) => next + (turn % DIRECTIONS));
    key = turns.find((turn) => left.has(turn)) ?? first;
  }
  // The ring may have begun in the middle of a straight line.
  if (last === first % DIRECTIONS) ring.splice(0, 2);
  return ring;
}
