/** Puts the numbers of a part of the axis into curves that were thinned for the whole of it. Pure. */
import type { FinerSeriesQuery } from '../../graphql/generated/graphql.ts';
import type { CurvePoint } from '../curves/curve-panels.ts';
import { type PlaceRange, type PlottedCurve, placeOf } from '../curves/plotted-curve.ts';
import type { PlottedPanel } from './plot-panels.ts';

/** What one request takes. */
const RUNS_MAX = 200;
const NAMES_MAX = 50;

type Finer = {
  series: FinerSeriesQuery['series'];
  isByStep: boolean;
  range: PlaceRange | null;
};

/** The series behind curves that show fewer numbers than there are. */
export function listThinned(panels: readonly PlottedPanel[]): { runIds: string[]; names: string[] } {
  const thinned = panels.flatMap(({ curves }) =>
    curves.flatMap(({ series, band }) => (series?.isThinned && !band ? [series] : [])),
  );
  return {
    runIds: [...new Set(thinned.map(({ runId }) => runId))].slice(0, RUNS_MAX),
    names: [...new Set(thinned.map(({ name }) => name))].slice(0, NAMES_MAX),
  };
}

export function refinePanels(
  panels: readonly PlottedPanel[],
  { series, isByStep, range }: Finer,
): PlottedPanel[] {
  const finer = new Map(series.map((one) => [`${one.runId} ${one.name}`, one.points]));
  return panels.map((panel) => ({
    ...panel,
    curves: panel.curves.map((curve): PlottedCurve => {
      const points = curve.series?.isThinned && finer.get(`${curve.series.runId} ${curve.series.name}`);
      if (!points || !range) return curve;
      const read = points.map(({ epoch, step, value }): CurvePoint => {
        const x = isByStep ? step : epoch || step;
        return { epoch: epoch || step, x, value: value ?? Number.NaN };
      });
      const from = Math.floor(range.from);
      const to = Math.ceil(range.to);
      return {
        ...curve,
        points: [
          ...curve.points.filter((point) => placeOf(point) < from),
          ...read,
          ...curve.points.filter((point) => placeOf(point) > to),
        ],
      };
    }),
  }));
}
