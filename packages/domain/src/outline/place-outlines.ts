/**
 * Outlines on the slide that they were drawn on. One that lies wholly outside belongs to another slide, or was drawn on
 * another level; one that crosses the edge is taken, since no square lies beyond it.
 */
import { boundsOf, type ReadOutlines } from './outline.ts';

export function placeOutlines(
  { outlines, refused }: ReadOutlines,
  slide: { width: number; height: number },
): ReadOutlines {
  const placed: ReadOutlines = { outlines: [], refused: [...refused] };
  for (const outline of outlines) {
    const { left, top, right, bottom } = boundsOf(outline.polygons);
    const isOutside = right <= 0 || bottom <= 0 || left >= slide.width || top >= slide.height;
    if (!isOutside) {
      placed.outlines.push(outline);
      continue;
    }
    const [x, y] = [`x ${format(left)} to ${format(right)}`, `y ${format(top)} to ${format(bottom)}`];
    const size = `${format(slide.width)} x ${format(slide.height)} px`;
    const reason = `lies outside the slide of ${size} (${x}, ${y}): it belongs to another slide or level`;
    placed.refused.push({ name: outline.name, reason });
  }
  return placed;
}

function format(value: number): string {
  return value.toLocaleString('en', { maximumFractionDigits: 0 });
}
