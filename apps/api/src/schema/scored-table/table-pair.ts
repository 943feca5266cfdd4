/** Two models of a table of scores on the same rows: the verdict, the differences, and who differs most. */
import type { DifferingPatient } from '@microtome/domain/comparison/paired-comparison';
import type { TablePair } from '@microtome/domain/scored-table/evaluate-table';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { PairTestsRef } from '../comparison/paired-comparison.ts';
import { DifferenceVerdictKindEnum } from '../enums.ts';

const TablePairedMetricRef = builder.objectRef<TablePair['metrics'][number]>('TablePairedMetric').implement({
  description: 'One metric of two models on the same rows.',
  fields: (t) => ({
    name: t.exposeString('metric', { description: 'Name of the metric.' }),
    a: t.exposeFloat('a', { description: 'Its value in the first model.' }),
    b: t.exposeFloat('b', { description: 'Its value in the second.' }),
    difference: t.exposeFloat('difference', { description: 'a − b.' }),
    low: t.float({
      nullable: true,
      description: 'Lower end of the 95 % interval of the difference.',
      resolve: ({ interval }) => interval?.[0] ?? null,
    }),
    high: t.float({
      nullable: true,
      description: 'Upper end of the 95 % interval of the difference.',
      resolve: ({ interval }) => interval?.[1] ?? null,
    }),
    pValue: t.exposeFloat('pValue', { nullable: true, description: 'Two-sided.' }),
    adjustedP: t.exposeFloat('adjustedP', {
      nullable: true,
      description: 'After Holm, over all metrics of this pair.',
    }),
    acrossPairsP: t.exposeFloat('acrossPairsP', {
      nullable: true,
      description: 'After Holm, over all pairs, for this metric.',
    }),
    kind: t.field({
      type: DifferenceVerdictKindEnum,
      description: 'What the difference allows one to say.',
      resolve: ({ verdict }) => verdict.kind,
    }),
    verdict: t.string({
      description: 'The same in words.',
      resolve: ({ verdict }) => verdict.text,
    }),
  }),
});

const TablePairPatientRef = builder.objectRef<DifferingPatient>('TablePairPatient').implement({
  description: 'A patient, or what the unit is, under two models.',
  fields: (t) => ({
    key: t.exposeString('patientKey', { description: 'As the table has it.' }),
    rows: t.exposeInt('patches', { description: 'Rows.' }),
    onlyA: t.exposeInt('onlyA', { description: 'Rows on which only the first is right.' }),
    onlyB: t.exposeInt('onlyB', { description: 'Rows on which only the second is right.' }),
    accuracyA: t.exposeFloat('accuracyA', { description: 'Share of right calls of the first.' }),
    accuracyB: t.exposeFloat('accuracyB', { description: 'Share of right calls of the second.' }),
  }),
});

export const TablePairRef = builder.objectRef<TablePair>('TablePair').implement({
  description: 'Two models on the same rows.',
  fields: (t) => ({
    a: t.string({ description: 'The first model.', resolve: ({ a }) => a.name }),
    b: t.string({ description: 'The second.', resolve: ({ b }) => b.name }),
    sentence: t.exposeString('sentence', {
      description: 'Which has the higher AUC, by how much, and how sure that is.',
    }),
    metrics: t.field({
      type: [TablePairedMetricRef],
      description: 'The metrics that both have.',
      resolve: ({ metrics }) => metrics,
    }),
    tests: t.field({
      type: PairTestsRef,
      nullable: true,
      description: 'The tests.',
      resolve: ({ tests }) => tests,
    }),
    differing: t.field({
      type: [TablePairPatientRef],
      description: `Those whose accuracies differ most first; at most ${MAX_PAGE_SIZE}.`,
      args: { first: t.arg.int({ description: 'Only so many.' }) },
      resolve: ({ differing }, { first }) =>
        differing.slice(0, Math.max(0, Math.min(first ?? MAX_PAGE_SIZE, MAX_PAGE_SIZE))),
    }),
  }),
});
