/** Series of numbers of a run. */
import type { Prisma } from '@microtome/store/generated/prisma/client';
import type { SeriesHead } from '@microtome/store/run/metric-series';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { SeriesOwnerEnum } from '../enums.ts';

type MetricRow = Prisma.MetricGetPayload<object>;

type MetricPoint = Pick<MetricRow, 'epoch' | 'step' | 'value' | 'at'>;

export const NOT_FINITE = {
  NAN: Number.NaN,
  INFINITY: Number.POSITIVE_INFINITY,
  MINUS_INFINITY: Number.NEGATIVE_INFINITY,
} as const;

export const NotFiniteEnum = builder.enumType('NotFinite', {
  description: 'What a number may be that is none.',
  values: {
    NAN: { description: 'Not a number.' },
    INFINITY: { description: 'Larger than every number.' },
    MINUS_INFINITY: { description: 'Smaller than every number.' },
  } as const,
});

function nameNotFinite(value: number): keyof typeof NOT_FINITE | null {
  if (Number.isFinite(value)) return null;
  return Number.isNaN(value) ? 'NAN' : value > 0 ? 'INFINITY' : 'MINUS_INFINITY';
}

export const MetricPointRef = builder.objectRef<MetricPoint>('MetricPoint').implement({
  description: 'One number of a series.',
  fields: (t) => ({
    epoch: t.exposeInt('epoch', {
      description: 'The epoch, from 1; 0 where an external program tells none.',
    }),
    step: t.exposeInt('step', { description: 'Optimizer steps so far.' }),
    value: t.float({
      nullable: true,
      description: 'The number; null where it is NaN or infinite, as an external program may record it.',
      resolve: ({ value }) => (Number.isFinite(value) ? value : null),
    }),
    notFinite: t.field({
      type: NotFiniteEnum,
      nullable: true,
      description: 'What stands in place of a number.',
      resolve: ({ value }) => nameNotFinite(value),
    }),
    at: t.expose('at', { type: 'DateTime', description: 'When it was written.' }),
  }),
});

export const MetricSeriesRef = builder.objectRef<SeriesHead>('MetricSeries').implement({
  description: 'A named series of numbers, one an epoch.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, e.g. train.loss or validation.auc.' }),
    owner: t.expose('owner', { type: SeriesOwnerEnum, description: 'Who records it.' }),
    points: t.field({
      type: [MetricPointRef],
      description: 'The numbers by epoch.',
      args: {
        count: t.arg.int({
          description: `At most so many, up to ${MAX_PAGE_SIZE}, for a picture: ends and extremes stay. All when left out.`,
        }),
      },
      resolve: async (series, { count }, { loaders }) => {
        if (count != null) return (await loaders.thinSeries.load({ ...series, count })) ?? [];
        return (await loaders.numbersOfSeries.load(series)) ?? [];
      },
    }),
    pointCount: t.exposeInt('pointCount', { description: 'How many numbers there are.' }),
  }),
});

export const EpochMetricRef = builder.objectRef<{ name: string; value: number }>('EpochMetric').implement({
  description: 'One number of one epoch.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Name of the series.' }),
    value: t.exposeFloat('value', { description: 'The number.' }),
  }),
});
