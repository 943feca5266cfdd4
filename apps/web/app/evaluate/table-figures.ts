/** Figures of a table as the page reads them: which there are, one by its name, and the scale that a plot of them fits on. Pure. */
import type { BarScale } from '../../charts/bar-scale.ts';
import type { TableFigureFragment, TableSideFiguresFragment } from '../../graphql/generated/graphql.ts';
import {
  listEvaluationMetrics,
  listRecalibrationMetrics,
  type Metric,
  type MetricCatalogue,
} from '../../metrics/metric-catalogue.ts';

export type Figure = TableFigureFragment;

/** What a side is called within a line. */
export function nameSide(side: string): string {
  return side === 'ALL' ? 'all rows' : side;
}

/** The metrics over all rows that any of the models has, as the catalogue has them. */
export function listTableMetrics(
  catalogue: MetricCatalogue,
  { models }: Pick<TableSideFiguresFragment, 'models'>,
): Metric[] {
  return [...listEvaluationMetrics(catalogue), ...listRecalibrationMetrics(catalogue)].filter(({ name }) =>
    models.some(({ figures }) => findFigure(figures, name)),
  );
}

export function findFigure(figures: readonly Figure[], metric: string): Figure | null {
  return figures.find((figure) => figure.metric === metric) ?? null;
}

/** Round ends around all figures and their intervals; `reference` is marked where it lies within them. */
export function scaleFigures(
  figures: readonly Pick<Figure, 'value' | 'low' | 'high'>[],
  reference: number | null,
): BarScale {
  const ends = figures.flatMap(({ value, low, high }) => [value, low ?? value, high ?? value]);
  if (ends.length === 0) return { from: 0, to: 1 };
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const step = chooseStep(high - low);
  const from = Math.floor(low / step) * step;
  const to = Math.max(Math.ceil(high / step) * step, from + step);
  const isWithin = reference !== null && reference >= from && reference <= to;
  return { from, to, ...(isWithin ? { mark: reference } : {}) };
}

/** Round values from one end of a scale to the other, for its labels. */
export function listTicks({ from, to }: BarScale): number[] {
  const step = chooseStep(to - from);
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step);
}

function chooseStep(width: number): number {
  const rough = Math.max(width, 0.01) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5].find((times) => times * power >= rough) ?? 10) * power;
}
