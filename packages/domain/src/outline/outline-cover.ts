/**
 * How much of a square the outlines of some classes cover, exactly. A ring that crosses itself holds all that it winds
 * around: a hand that draws past its beginning leaves no gap. Areas that overlap count once, holes and excluded areas not
 * at all. Nothing is clipped beforehand: within the square, between two places where an edge begins, ends or meets
 * another, areas are trapezoids.
 */
import { type Edge, heightAt, sortIntoColumns } from './edge-columns.ts';
import type { Outline, Ring } from './outline.ts';

export type Square = { x: number; y: number; side: number };
export type OutlineCover = {
  /** From 0, nothing at all, to 1. */
  share(square: Square): number;
};

type Box = { left: number; right: number; top: number; bottom: number };

/** What rounding leaves of an empty square. */
const NOTHING = 1e-9;

/** `holes` are cut out of `inside`, as CAMELYON16's third group is: healthy tissue within a lesion. */
export function coverOutlines(drawn: {
  inside: readonly Outline[];
  holes?: readonly Outline[];
}): OutlineCover {
  const stand = new Stand();
  for (const outline of drawn.inside) stand.addOutline(outline, false);
  for (const outline of drawn.holes ?? []) stand.addOutline(outline, true);
  const columns = sortIntoColumns(stand.rings);
  return {
    share({ x, y, side }) {
      const box = { left: x, right: x + side, top: y, bottom: y + side };
      const share = coveredArea(columns.between(box.left, box.right), box, stand) / (side * side);
      if (share < NOTHING) return 0;
      return share > 1 - NOTHING ? 1 : share;
    },
  };
}

/** How often each ring winds around a point, and so whether it is covered; a step over an edge changes one of them. */
class Stand {
  readonly rings: Ring[] = [];
  readonly #roles: { polygon: number; isHole: boolean }[] = [];
  readonly #windings: number[] = [];
  readonly #polygons: { isCut: boolean; isInOuter: boolean; holesIn: number }[] = [];
  #inside = 0;
  #cut = 0;

  addOutline({ polygons }: Outline, isCut: boolean): void {
    for (const polygon of polygons) {
      for (const [index, ring] of polygon.entries()) {
        this.rings.push(ring);
        this.#roles.push({ polygon: this.#polygons.length, isHole: index > 0 });
        this.#windings.push(0);
      }
      this.#polygons.push({ isCut, isInOuter: false, holesIn: 0 });
    }
  }

  get isCovered(): boolean {
    return this.#inside > 0 && this.#cut === 0;
  }

  /** Downwards, or back. */
  step({ ring, turn }: Edge, direction: 1 | -1): void {
    const { polygon: index, isHole } = this.#roles[ring]!;
    const polygon = this.#polygons[index]!;
    const windings = this.#windings[ring]! + turn * direction;
    const change = Number(windings !== 0) - Number(this.#windings[ring] !== 0);
    this.#windings[ring] = windings;
    if (change === 0) return;
    const before = polygon.isInOuter && polygon.holesIn === 0;
    if (isHole) polygon.holesIn += change;
    else polygon.isInOuter = windings !== 0;
    const covering = Number(polygon.isInOuter && polygon.holesIn === 0) - Number(before);
    if (polygon.isCut) this.#cut += covering;
    else this.#inside += covering;
  }
}

function coveredArea(edges: readonly Edge[], box: Box, stand: Stand): number {
  const above: Edge[] = [];
  const crossing: Edge[] = [];
  for (const edge of edges) {
    const start = heightAt(edge, Math.max(box.left, edge.x1));
    const end = edge.x1 === edge.x2 ? edge.y2 : heightAt(edge, Math.min(box.right, edge.x2));
    if (Math.max(start, end) <= box.top) above.push(edge);
    else if (Math.min(start, end) < box.bottom) crossing.push(edge);
  }
  const [overAbove, overCrossing] = [createSweep(above), createSweep(crossing)];
  const stops = listStops(crossing, box);
  let area = 0;
  for (let index = 1; index < stops.length; index += 1) {
    const [from, to] = [stops[index - 1]!, stops[index]!];
    // Many edges begin and end in one place where cells are drawn one beside the other.
    if (from === to) continue;
    const x = (from + to) / 2;
    area += (to - from) * coveredHeight({ above: overAbove(x), crossing: overCrossing(x), x }, box, stand);
  }
  return area;
}

/** Of places that are asked about from left to right, the edges over each: an edge is taken up and laid down once. */
function createSweep(edges: readonly Edge[]): (x: number) => readonly Edge[] {
  const sorted = edges.toSorted((a, b) => a.x1 - b.x1);
  let next = 0;
  let over: Edge[] = [];
  return (x) => {
    for (; next < sorted.length && sorted[next]!.x1 <= x; next += 1) over.push(sorted[next]!);
    over = over.filter(({ x2 }) => x < x2);
    return over;
  };
}

/** Where anything begins, ends, or changes its order, from left to right; a square that no edge crosses has two. */
function listStops(crossing: readonly Edge[], { left, right, top, bottom }: Box): number[] {
  const stops = [left, right];
  const add = (x: number) => {
    if (x > left && x < right) stops.push(x);
  };
  const sorted = crossing.toSorted((a, b) => a.x1 - b.x1);
  for (const [index, edge] of sorted.entries()) {
    add(edge.x1);
    add(edge.x2);
    for (const border of [top, bottom])
      add(edge.x1 + ((border - edge.y1) * (edge.x2 - edge.x1)) / (edge.y2 - edge.y1));
    for (let next = index + 1; next < sorted.length && sorted[next]!.x1 < edge.x2; next += 1)
      add(findMeeting(edge, sorted[next]!));
  }
  return stops.sort((a, b) => a - b);
}

/** Where two edges meet, over the columns that both have; no number where they do not. */
function findMeeting(one: Edge, other: Edge): number {
  const from = Math.max(one.x1, other.x1);
  const to = Math.min(one.x2, other.x2);
  const before = heightAt(one, from) - heightAt(other, from);
  const after = heightAt(one, to) - heightAt(other, to);
  return before * after < 0 ? from + ((to - from) * before) / (before - after) : Number.NaN;
}

type Slice = { above: readonly Edge[]; crossing: readonly Edge[]; x: number };

/** How much of the line at x, within the box, is covered, by the edges over it. */
function coveredHeight({ above, crossing, x }: Slice, { top, bottom }: Box, stand: Stand): number {
  const heights = crossing
    .map((edge) => ({ edge, y: heightAt(edge, x) }))
    .filter(({ y }) => y < bottom)
    .sort((a, b) => a.y - b.y);
  for (const edge of above) stand.step(edge, 1);
  let covered = 0;
  let reached = top;
  for (const { edge, y } of heights) {
    if (y > reached) {
      if (stand.isCovered) covered += y - reached;
      reached = y;
    }
    stand.step(edge, 1);
  }
  if (stand.isCovered) covered += bottom - reached;
  for (const edge of above) stand.step(edge, -1);
  for (const { edge } of heights) stand.step(edge, -1);
  return covered;
}
