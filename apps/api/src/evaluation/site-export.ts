/** Figures site by site as a table to export: counts, calls, and every metric of an evaluation with its interval. */
import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import { POOLED_METRICS } from '@microtome/domain/metrics/metric';
import type { ExportColumn, ExportTable } from '../report/export-table.ts';
import { nameColumn } from './patient-table.ts';

type Row = SiteEvaluation & {
  /** A side of the run's split, or EXTERNAL. */
  subset: string;
};

const COUNTS: readonly (readonly [name: string, read: (row: Row) => number])[] = [
  ['patients', ({ metrics }) => metrics.patients],
  ['patches', ({ metrics }) => metrics.patches],
  ['tp', ({ metrics }) => metrics.confusion.tp],
  ['fp', ({ metrics }) => metrics.confusion.fp],
  ['tn', ({ metrics }) => metrics.confusion.tn],
  ['fn', ({ metrics }) => metrics.confusion.fn],
];

export function tabulateSiteRows(rows: readonly Row[]): ExportTable {
  const double = (name: string, read: (row: Row) => number | null | undefined): ExportColumn => ({
    name,
    type: 'DOUBLE',
    values: rows.map((row) => read(row) ?? null),
  });
  return {
    columns: [
      { name: 'subset', type: 'STRING', values: rows.map(({ subset }) => subset) },
      { name: 'site', type: 'STRING', values: rows.map(({ site }) => site) },
      ...COUNTS.map(([name, read]) => ({
        name,
        type: 'INT32' as const,
        values: Int32Array.from(rows, read),
      })),
      ...POOLED_METRICS.flatMap((metric) => [
        double(nameColumn(metric), ({ metrics }) => metrics[metric]),
        double(`${nameColumn(metric)}_low`, ({ intervals }) => intervals[metric]?.[0]),
        double(`${nameColumn(metric)}_high`, ({ intervals }) => intervals[metric]?.[1]),
      ]),
      double('threshold', ({ metrics }) => metrics.threshold),
    ],
  };
}
