/**
 * What draws charts is the heaviest part of the dashboard. It is loaded when the first chart is there to be drawn, and a page
 * whose first sight is charts asks for it at once, while it waits for their numbers.
 */
import type * as DrawingModule from './drawing.ts';

type Drawings = typeof DrawingModule;

export function loadDrawing(): Promise<Drawings> {
  return import('./drawing.ts');
}

/** With every kind of chart. */
export async function loadAllDrawing(): Promise<Drawings> {
  const [drawing] = await Promise.all([loadDrawing(), import('./further-kinds.ts')]);
  return drawing;
}
