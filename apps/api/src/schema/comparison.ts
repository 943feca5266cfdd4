/** Runs side by side: what differs in them, and paired statistics between those whose TEST is open. */
import { builder } from '../builder.ts';
import { compareRuns, type RunComparison } from '../compare-runs.ts';
import type { PairedComparison } from '../paired-comparison.ts';
import { parseRecordId } from '../record-id.ts';
import { SubsetEnum } from './enums.ts';
import { RunRef } from './run.ts';

const HyperparameterDifferenceRef = builder
  .objectRef<RunComparison['differences'][number]>('HyperparameterDifference')
  .implement({
    description: 'One knob that is not the same in all runs.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'The knob.' }),
      values: t.field({
        type: ['JSON'],
        nullable: { list: false, items: true },
        description: 'Its value in each run, in the order of `runs`.',
        resolve: ({ values }) => values,
      }),
    }),
  });

const PairedMetricRef = builder.objectRef<PairedComparison['metrics'][number]>('PairedMetric').implement({
  description: 'One metric of two runs on the same patches.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the metric.' }),
    a: t.exposeFloat('a', { nullable: true, description: 'Its value in run a.' }),
    b: t.exposeFloat('b', { nullable: true, description: 'Its value in run b.' }),
    difference: t.exposeFloat('difference', { nullable: true, description: 'a − b.' }),
    low: t.exposeFloat('low', {
      nullable: true,
      description: 'Lower end of the 95 % interval of the difference, by patient.',
    }),
    high: t.exposeFloat('high', {
      nullable: true,
      description: 'Upper end of the 95 % interval of the difference, by patient.',
    }),
    pValue: t.exposeFloat('pValue', {
      nullable: true,
      description: 'Two-sided p-value, clustered by patient; null where none is defined.',
    }),
    adjustedP: t.exposeFloat('adjustedP', {
      nullable: true,
      description: 'The p-value after Holm, over all metrics of this pair.',
    }),
  }),
});

const PairedComparisonRef = builder.objectRef<PairedComparison>('PairedComparison').implement({
  description: 'Two runs on the same opened TEST patients.',
  fields: (t) => ({
    a: t.field({ type: RunRef, description: 'The first run.', resolve: ({ a }) => a }),
    b: t.field({ type: RunRef, description: 'The second run.', resolve: ({ b }) => b }),
    subset: t.expose('subset', { type: SubsetEnum, description: 'Where they were compared.' }),
    patients: t.exposeInt('patients', { description: 'Patients of run a’s TEST.' }),
    sharedPatients: t.exposeInt('sharedPatients', { description: 'Patients that both TEST sides hold.' }),
    patches: t.exposeInt('patches', { description: 'Patches that both runs predicted.' }),
    details: t.expose('details', {
      type: 'JSON',
      nullable: true,
      description: 'Clustered DeLong, sign flip, clustered McNemar, agreement; null when refused.',
    }),
    draws: t.exposeInt('draws', { description: 'Paired bootstrap draws of whole patients.' }),
    metrics: t.field({
      type: [PairedMetricRef],
      description: 'The metrics; empty when refused.',
      resolve: ({ metrics }) => metrics,
    }),
    refused: t.exposeString('refused', {
      nullable: true,
      description: 'Why the two cannot be compared, as a sentence; null when they were.',
    }),
  }),
});

const RunComparisonRef = builder.objectRef<RunComparison>('RunComparison').implement({
  description: 'Two or more runs side by side.',
  fields: (t) => ({
    runs: t.field({ type: [RunRef], description: 'The runs, as asked for.', resolve: ({ runs }) => runs }),
    differences: t.field({
      type: [HyperparameterDifferenceRef],
      description: 'The knobs that differ.',
      resolve: ({ differences }) => differences,
    }),
    warnings: t.exposeStringList('warnings', { description: 'What to keep in mind, as sentences.' }),
    pairs: t.field({
      type: [PairedComparisonRef],
      description: 'Every pair of these runs, with statistics or the reason why there are none.',
      resolve: ({ pairs }) => pairs,
    }),
  }),
});

builder.queryField('compareRuns', (t) =>
  t.field({
    type: RunComparisonRef,
    description: 'Compares 2 to 12 runs. Statistics need an opened TEST with the same patients.',
    args: { runIds: t.arg.idList({ required: true, description: 'Ids of the runs.' }) },
    resolve: (_root, { runIds }, context) =>
      compareRuns(
        context,
        runIds.map((runId) => parseRecordId(runId, 'run')),
      ),
  }),
);
