/** The µm per pixel of the data that a model was trained on: that of their slides, where they agree. Pure. */

/** Scanners of one kind differ by this much. */
const TOLERANCE = 0.05;

export function findModelScale(slides: readonly { micronsPerPixel?: number | null }[]): number | null {
  const told = slides.flatMap(({ micronsPerPixel }) => micronsPerPixel ?? []);
  if (told.length === 0) return null;
  const mean = told.reduce((sum, value) => sum + value, 0) / told.length;
  return told.every((value) => Math.abs(value / mean - 1) <= TOLERANCE) ? mean : null;
}
