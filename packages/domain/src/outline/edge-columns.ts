/**
 * The edges of all rings, found by the columns of the slide that they cross: a square asks for those of its own columns.
 * Edges run from left to right; one that is upright belongs to no column's width, but marks where something changes.
 */
import type { Ring } from './outline.ts';

/** `turn` is 1 where the ring runs this way, and -1 where it runs back. */
export type Edge = { x1: number; y1: number; x2: number; y2: number; ring: number; turn: 1 | -1 };
type EdgeColumns = {
  /** Every edge that touches the columns from left to right, once. */
  between(left: number, right: number): Edge[];
};

const COLUMNS_MAX = 4096;
const COLUMN_MIN_PX = 32;

export function sortIntoColumns(rings: readonly Ring[]): EdgeColumns {
  const edges = rings.flatMap((ring, index) => listEdges(ring, index));
  const from = edges.reduce((left, { x1 }) => Math.min(left, x1), Number.POSITIVE_INFINITY);
  const to = edges.reduce((right, { x2 }) => Math.max(right, x2), Number.NEGATIVE_INFINITY);
  if (edges.length === 0) return { between: () => [] };
  const width = Math.max(COLUMN_MIN_PX, (to - from) / COLUMNS_MAX);
  const columnOf = (x: number) => Math.floor((x - from) / width);
  const columns: number[][] = Array.from({ length: columnOf(to) + 1 }, () => []);
  for (const [index, { x1, x2 }] of edges.entries()) {
    for (let column = columnOf(x1); column <= columnOf(x2); column += 1) columns[column]!.push(index);
  }
  const asked = new Uint32Array(edges.length);
  let question = 0;
  return {
    between(left, right) {
      question += 1;
      const found: Edge[] = [];
      const last = Math.min(columns.length - 1, columnOf(right));
      for (let column = Math.max(0, columnOf(left)); column <= last; column += 1) {
        for (const index of columns[column]!) {
          if (asked[index] === question) continue;
          asked[index] = question;
          const edge = edges[index]!;
          if (edge.x2 >= left && edge.x1 <= right) found.push(edge);
        }
      }
      return found;
    },
  };
}

export function heightAt({ x1, y1, x2, y2 }: Edge, x: number): number {
  return x1 === x2 ? y1 : y1 + ((y2 - y1) * (x - x1)) / (x2 - x1);
}

function listEdges(ring: Ring, index: number): Edge[] {
  return ring.flatMap(([x1, y1], at): Edge[] => {
    const [x2, y2] = ring[(at + 1) % ring.length]!;
    if (x1 === x2 && y1 === y2) return [];
    if (x1 <= x2) return [{ x1, y1, x2, y2, ring: index, turn: 1 }];
    return [{ x1: x2, y1: y2, x2: x1, y2: y1, ring: index, turn: -1 }];
  });
}
