/** The metrics of several runs on one subset, row by row, with the best value of each row marked. Pure. */

import type { BarScale } from '../../charts/bar-scale.ts';
import { type EvaluationFacts, listMetrics, type MetricRow } from '../../evaluation/list-metrics.ts';
import { isLessBetter, type MetricCatalogue } from '../../metrics/metric-catalogue.ts';

type TableCell = { value: number | null; interval: [number, number] | null; best: boolean };
export type TableRow = {
  name: string;
  label: string;
  lessIsBetter: boolean;
  cells: TableCell[];
  /** One scale for all cells, on which their intervals can be compared by eye; null without intervals. */
  scale: BarScale | null;
};

type TabulateRequest = {
  runs: readonly { evaluations: readonly EvaluationFacts[] }[];
  subset: 'VALIDATION' | 'TEST';
  catalogue: MetricCatalogue;
  positiveClass: string;
};

export function tabulateMetrics({ runs, subset, catalogue, positiveClass }: TabulateRequest): TableRow[] {
  const columns = runs.map(({ evaluations }) => {
    const evaluation = evaluations.find((one) => one.subset === subset);
    return evaluation ? listMetrics(evaluation, { catalogue, positiveClass }) : [];
  });
  const rows = new Map<string, MetricRow>();
  for (const column of columns) for (const row of column) if (!rows.has(row.name)) rows.set(row.name, row);
  return [...rows.values()].map(({ name, label }) => {
    const found = columns.map((column) => column.find((row) => row.name === name));
    const values = found.flatMap((row) => row?.value ?? []);
    const lessIsBetter = isLessBetter(catalogue, name);
    const best = findBest(values, lessIsBetter);
    return {
      name,
      label,
      lessIsBetter,
      scale: fitScale(found.flatMap((row) => row?.interval ?? [])),
      cells: found.map((row) => ({
        value: row?.value ?? null,
        interval: row?.interval ?? null,
        best: best !== null && row?.value === best,
      })),
    };
  });
}

function fitScale(ends: readonly number[]): BarScale | null {
  const [from, to] = [Math.min(...ends), Math.max(...ends)];
  return from < to ? { from, to } : null;
}

/** Null where the values do not differ at three decimals. */
function findBest(values: readonly number[], lessIsBetter: boolean): number | null {
  if (new Set(values.map((value) => value.toFixed(3))).size < 2) return null;
  return lessIsBetter ? Math.min(...values) : Math.max(...values);
}
