/** The scale of interval bars: what stands where on it. Pure. */

export type BarScale = {
  from: number;
  to: number;
  /** A value to compare with: no difference, or chance. */
  mark?: number;
};

const MARGIN_PX = 4;

/** Around zero: right of the middle line, the first figure is the larger. `reach` is half the width of the scale. */
export function scaleAroundZero(reach: number): BarScale {
  return { from: -reach, to: reach, mark: 0 };
}

/** In pixels from the left; what lies beyond the scale stands at its end. */
export function placeOnBar(value: number, { scale, widthPx }: { scale: BarScale; widthPx: number }): number {
  const share = Math.max(0, Math.min(1, (value - scale.from) / (scale.to - scale.from)));
  return share * (widthPx - 2 * MARGIN_PX) + MARGIN_PX;
}
