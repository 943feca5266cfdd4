/**
 * Where a heatmap lies on its slide: each of its pixels is one cell, so its right and lower edges reach past the
 * slide when the last column or row holds strips. Pure.
 */

export type HeatmapPlacement = {
  /** Width over the slide's width, at least 1. */
  widthShare: number;
  /** Height over the slide's height, at least 1. */
  heightShare: number;
};

export function placeHeatmap(slide: { widthPx: number; heightPx: number; cellPx: number }): HeatmapPlacement {
  return {
    widthShare: coverWhole(slide.widthPx, slide.cellPx),
    heightShare: coverWhole(slide.heightPx, slide.cellPx),
  };
}

function coverWhole(lengthPx: number, cellPx: number): number {
  if (lengthPx <= 0) return 1;
  return (Math.ceil(lengthPx / cellPx) * cellPx) / lengthPx;
}
