/**
 * Where a point of a curve is drawn: at its epoch, at the optimizer steps so far, or at the seconds of training so
 * far. Runs with different batch sizes or speeds line up differently on each axis. Pure.
 */

export const CURVE_ALIGNMENTS = ['epoch', 'step', 'time'] as const;

export type CurveAlignment = (typeof CURVE_ALIGNMENTS)[number];

type StoredPoint = { epoch: number; step: number; value: number };
export type StoredCurve = { name: string; points: readonly StoredPoint[]; isThinned?: boolean };
type AlignedPoint = { epoch: number; value: number; x: number };

/** The series that tells how long each epoch took. */
export const ELAPSED_SERIES = 'seconds';

/** Epochs whose place is unknown are left out: numbers logged from outside may have neither steps nor seconds. */
export function alignCurves(
  curves: readonly StoredCurve[],
  axis: CurveAlignment,
): { name: string; points: AlignedPoint[]; isThinned?: boolean }[] {
  const elapsed = axis === 'time' ? sumSeconds(curves) : null;
  return curves.map(({ name, points, isThinned }) => ({
    name,
    isThinned,
    points: points.flatMap(({ epoch, step, value }) => {
      const x = axis === 'epoch' ? epoch : axis === 'step' ? step : (elapsed?.get(epoch) ?? 0);
      return x > 0 ? [{ epoch, value, x }] : [];
    }),
  }));
}

/** The largest place of any curve; at least 1. */
export function measureReach(curves: readonly { points: readonly { x?: number }[] }[]): number {
  return Math.max(1, ...curves.flatMap(({ points }) => points.at(-1)?.x ?? 0));
}

function sumSeconds(curves: readonly StoredCurve[]): Map<number, number> {
  let total = 0;
  const points = curves.find(({ name }) => name === ELAPSED_SERIES)?.points ?? [];
  return new Map(
    points.map(({ epoch, value }) => {
      total += value;
      return [epoch, total];
    }),
  );
}
