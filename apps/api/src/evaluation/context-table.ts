/** What neighbours change as a table to export: a row a metric, by the patch's own probability, in context, and the paired difference. */
import type { ContextEvaluation, ContextGain } from '@microtome/domain/context/context-evaluation';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import type { ExportColumn, ExportTable } from '../report/export-table.ts';

export type ContextOfSubset = {
  /** A side of the run's split, or EXTERNAL. */
  subset: string;
  context: ContextEvaluation;
};

type Row = ContextGain & ContextOfSubset;

export function tabulateContext(found: readonly ContextOfSubset[]): ExportTable {
  const rows = found.flatMap(({ subset, context }) =>
    context.gains.map((gain): Row => ({ ...gain, subset, context })),
  );
  const text = (name: string, read: (row: Row) => string): ExportColumn => ({
    name,
    type: 'STRING',
    values: rows.map(read),
  });
  const count = (name: string, read: (row: Row) => number): ExportColumn => ({
    name,
    type: 'INT32',
    values: Int32Array.from(rows, read),
  });
  const double = (name: string, read: (row: Row) => number | null): ExportColumn => ({
    name,
    type: 'DOUBLE',
    values: rows.map(read),
  });
  const withInterval = (name: string, read: (row: Row) => [number, Interval | null | undefined]) => [
    double(name, (row) => read(row)[0]),
    double(`${name}_low`, (row) => read(row)[1]?.[0] ?? null),
    double(`${name}_high`, (row) => read(row)[1]?.[1] ?? null),
  ];
  return {
    columns: [
      text('subset', ({ subset }) => subset),
      text('metric', ({ metric }) => metric),
      ...withInterval('own', ({ b, metric, context }) => [b, context.own.intervals[metric]]),
      ...withInterval('in_context', ({ a, metric, context }) => [a, context.inContext.intervals[metric]]),
      ...withInterval('difference', ({ difference, interval }) => [difference, interval]),
      double('p', ({ pValue }) => pValue),
      double('p_holm', ({ adjustedP }) => adjustedP),
      text('verdict', ({ verdict }) => verdict.text),
      count('patients', ({ context }) => context.own.metrics.patients),
      count('patches', ({ context }) => context.own.metrics.patches),
      count('left_out', ({ context }) => context.leftOut),
      count('radius', ({ context }) => context.step.radius),
      double('weight', ({ context }) => context.step.weight),
      double('temperature', ({ context }) => context.step.temperature),
      double('threshold', ({ context }) => context.step.threshold),
    ],
  };
}
