/**
 * Where a heatmap lies on its slide: each of its pixels is one patch, so its right and lower edges reach past the
 * slide when the last column or row holds strips. Pure.
 */

export type HeatmapPlacement = {
  /** Width over the slide's width, at least 1. */
  widthShare: number;
  /** Height over the slide's height, at least 1. */
  heightShare: number;
};

export function placeHeatmap(slide: {
  widthPx: number;
  heightPx: number;
  patchSizePx: number;
}): HeatmapPlacement {
  return {
    widthShare: coverWhole(slide.widthPx, slide.patchSizePx),
    heightShare: coverWhole(slide.heightPx, slide.patchSizePx),
  };
}

function coverWhole(lengthPx: number, patchSizePx: number): number {
  if (lengthPx <= 0) return 1;
  return (Math.ceil(lengthPx / patchSizePx) * patchSizePx) / lengthPx;
}
