/** Counts, means and spreads of runs in groups, what depends on which hyperparameter, and in what named runs differ. */
import { printRunField } from '@microtome/domain/run-query/print-query';
import { fieldOfHyperparameter } from '@microtome/domain/run-query/run-field';
import { measureInfluence, type SettingInfluence } from '@microtome/domain/run-query/setting-influence';
import {
  aggregateRuns,
  type RunGroup,
  type RunGroupKey,
  type RunMeasure,
} from '@microtome/store/run-query/aggregate-runs';
import {
  type DIFFERENCE_KINDS,
  listRunDifferences,
  type RunDifference,
} from '@microtome/store/run-query/run-differences';
import { listMeasuredSettings } from '@microtome/store/run-query/run-figures';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { readRunField } from './read-run-field.ts';
import { QUERY_ARGUMENT, RunFilterInput, selectRuns } from './run-filter.ts';

const SECONDS_PER_HOUR = 3_600;

const RunGroupKeyRef = builder.objectRef<RunGroupKey>('RunGroupKey').implement({
  description: 'What the runs of a group share.',
  fields: (t) => ({
    by: t.exposeString('by', { description: 'The field, as the line names it.' }),
    value: t.field({
      type: 'JSON',
      nullable: true,
      description: 'Its value, of its own type; the name of another record. Null of runs that lack it.',
      resolve: ({ value }) => value,
    }),
    id: t.exposeID('id', { nullable: true, description: 'Of another record: its id.' }),
  }),
});

const RunQuantileRef = builder.objectRef<RunMeasure['quantiles'][number]>('RunQuantile').implement({
  description: 'The value below which a share of the runs lies.',
  fields: (t) => ({
    share: t.exposeFloat('share', { description: 'The share, 0 to 1.' }),
    value: t.exposeFloat('value', {
      nullable: true,
      description: 'The value, between two runs in a straight line; null where no run has one.',
    }),
  }),
});

const RunMeasureRef = builder.objectRef<RunMeasure>('RunMeasure').implement({
  description: 'A number over the runs of a group; those that lack it are left out.',
  fields: (t) => ({
    of: t.exposeString('of', { description: 'The field, as the line names it.' }),
    count: t.exposeInt('count', { description: 'How many runs have it.' }),
    min: t.exposeFloat('min', { nullable: true, description: 'The smallest.' }),
    max: t.exposeFloat('max', { nullable: true, description: 'The largest.' }),
    mean: t.exposeFloat('mean', { nullable: true, description: 'The mean.' }),
    sd: t.exposeFloat('standardDeviation', {
      nullable: true,
      description: 'The standard deviation (divisor n - 1); null below two runs.',
    }),
    sum: t.exposeFloat('sum', { nullable: true, description: 'The sum.' }),
    quantiles: t.field({
      type: [RunQuantileRef],
      description: 'The quantiles that were asked for.',
      resolve: ({ quantiles }) => quantiles,
    }),
  }),
});

const RunGroupRef = builder.objectRef<RunGroup>('RunGroup').implement({
  description: 'Runs that share what they are grouped by.',
  fields: (t) => ({
    keys: t.field({ type: [RunGroupKeyRef], description: 'What they share.', resolve: ({ keys }) => keys }),
    count: t.exposeInt('count', { description: 'How many.' }),
    hours: t.float({
      description: 'Hours from start to end, or to now, of all of them together.',
      resolve: ({ seconds }) => seconds / SECONDS_PER_HOUR,
    }),
    measures: t.field({
      type: [RunMeasureRef],
      description: 'The numbers that were asked for, in that order.',
      resolve: ({ measures }) => measures,
    }),
  }),
});

const InfluenceGroupRef = builder.objectRef<SettingInfluence['groups'][number]>('InfluenceGroup').implement({
  description: 'Runs of one value of a hyperparameter, or of a range of values.',
  fields: (t) => ({
    label: t.exposeString('label', { description: 'The value, or the range.' }),
    count: t.exposeInt('count', { description: 'How many runs.' }),
    mean: t.exposeFloat('mean', { description: 'Their mean.' }),
  }),
});

const InfluenceRef = builder.objectRef<SettingInfluence>('HyperparameterInfluence').implement({
  description:
    'How much a number depends on one hyperparameter over a set of runs, looked at alone: what varies together cannot be told apart.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Name of the hyperparameter.' }),
    field: t.string({
      description: 'The hyperparameter as the line names it.',
      resolve: ({ key }) => printRunField(fieldOfHyperparameter(key)),
    }),
    groups: t.field({
      type: [InfluenceGroupRef],
      description: 'By value; more than eight numbers are put into four groups of equal size.',
      resolve: ({ groups }) => groups,
    }),
    spread: t.exposeFloat('spread', { description: 'Largest mean minus smallest.' }),
    varianceShare: t.exposeFloat('varianceShare', {
      nullable: true,
      description: 'Share of the variance that lies between the groups, 0 to 1; null where nothing varies.',
    }),
    rankCorrelation: t.exposeFloat('rankCorrelation', {
      nullable: true,
      description: 'Spearman’s correlation of ranks, of numbers.',
    }),
  }),
});

const DifferenceKindEnum = builder.enumType('RunDifferenceKind', {
  description: 'What kind of difference.',
  values: {
    ORIGIN: { description: 'Dataset, task, experiment, split or sweep.' },
    HYPERPARAMETER: { description: 'What they were asked to do.' },
    MACHINE: { description: 'What trained them, with its versions.' },
  } satisfies Record<(typeof DIFFERENCE_KINDS)[number], { description: string }>,
});

const RunDifferenceRef = builder.objectRef<RunDifference>('RunDifference').implement({
  description: 'Something in which runs differ.',
  fields: (t) => ({
    kind: t.expose('kind', { type: DifferenceKindEnum, description: 'What kind.' }),
    key: t.exposeString('key', { description: 'What it is.' }),
    values: t.field({
      type: ['JSON'],
      nullable: { list: false, items: true },
      description: 'Its value in each run, in the order of `runIds`.',
      resolve: ({ values }) => values,
    }),
  }),
});

builder.queryFields((t) => ({
  aggregateRuns: t.field({
    type: [RunGroupRef],
    description: 'Counts, means, spreads and quantiles of runs in groups, the largest group first.',
    args: {
      filter: t.arg({ type: RunFilterInput, description: 'Which runs.' }),
      query: t.arg.string(QUERY_ARGUMENT),
      groupBy: t.arg.stringList({
        extensions: typed('search'),
        defaultValue: [],
        required: true,
        description:
          'Fields of the line such as `architecture`, `lr` or `experiment`; `tags` gives a group for each tag. One group of all when left out.',
      }),
      measures: t.arg.stringList({
        extensions: typed('search'),
        defaultValue: [],
        required: true,
        description: 'Numbers such as `validation.auc`, `best(train.loss)` or `duration`.',
      }),
      quantiles: t.arg.floatList({
        defaultValue: [0.25, 0.5, 0.75],
        required: true,
        description: 'Shares from 0 to 1.',
      }),
      first: t.arg.int({ defaultValue: 100, required: true, description: 'Most groups.' }),
    },
    resolve: async (_root, { groupBy, measures, quantiles, first, ...asked }, context) =>
      aggregateRuns(context.store, {
        ...(await selectRuns(context, asked)),
        groupBy: groupBy.map(readRunField),
        measures: measures.map(readRunField),
        quantiles,
        take: first,
      }),
  }),
}));

builder.queryFields((t) => ({
  hyperparameterInfluence: t.field({
    type: [InfluenceRef],
    description:
      'How much a number depends on each hyperparameter in which the runs differ, the strongest first.',
    args: {
      filter: t.arg({ type: RunFilterInput, description: 'Which runs, those of a sweep say.' }),
      query: t.arg.string(QUERY_ARGUMENT),
      of: t.arg.string({
        extensions: typed('search'),
        defaultValue: 'validation.auc',
        required: true,
        description: 'The number, as the line names it.',
      }),
    },
    resolve: async (_root, { of, ...asked }, context) =>
      measureInfluence(
        await listMeasuredSettings(context.store, {
          ...(await selectRuns(context, asked)),
          of: readRunField(of),
        }),
      ),
  }),
  runDifferences: t.field({
    type: [RunDifferenceRef],
    description: 'In what named runs differ; what they share is left out.',
    args: { runIds: t.arg.idList({ required: true, description: 'The runs, at most 200.' }) },
    resolve: (_root, { runIds }, { store }) =>
      listRunDifferences(
        store,
        runIds.map((id) => parseRecordId(id, 'run')),
      ),
  }),
}));
