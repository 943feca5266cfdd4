/** Series of several runs in one request, and any number of a run by the name that the line gives it. */
import { AppError } from '@microtome/domain/app-error';
import { printRunField } from '@microtome/domain/run-query/print-query';
import { isNumberField } from '@microtome/domain/run-query/run-field';
import { keptFigure } from '@microtome/store/run-query/run-rows';
import { listRunSeries, type RunSeries } from '@microtome/store/run-query/run-series';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SeriesOwnerEnum } from '../enums.ts';
import { MetricPointRef } from '../run/metric.ts';
import { RunRef } from '../run/run.ts';
import { readRunField } from './read-run-field.ts';

const RUNS_MAX = 200;
const NAMES_MAX = 50;

const RunSeriesRef = builder.objectRef<RunSeries>('RunSeries').implement({
  description: 'A named series of numbers of one run, thinned for a picture.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'Id of the run.' }),
    run: t.field({
      type: RunRef,
      nullable: true,
      description: 'The run; null when it was deleted meanwhile.',
      resolve: async ({ runId }, _args, { loaders }) => (await loaders.run.load(runId)) ?? null,
    }),
    name: t.exposeString('name', { description: 'Its name, e.g. train.loss or validation.auc.' }),
    owner: t.expose('owner', { type: SeriesOwnerEnum, description: 'Who records it.' }),
    pointCount: t.exposeInt('pointCount', { description: 'How many numbers the whole series has.' }),
    points: t.field({
      type: [MetricPointRef],
      description: 'Numbers by epoch: both ends, and the smallest and largest of each stretch between them.',
      resolve: ({ points }) => points,
    }),
  }),
});

builder.queryField('series', (t) =>
  t.field({
    type: [RunSeriesRef],
    description:
      'Series of several runs by name, each thinned to at most `points` points with its extremes kept.',
    args: {
      runIds: t.arg.idList({ required: true, description: `The runs, at most ${RUNS_MAX}.` }),
      names: t.arg.stringList({
        extensions: typed('search'),
        required: true,
        description: `Names of the series, at most ${NAMES_MAX}.`,
      }),
      fromEpoch: t.arg.int({ defaultValue: 0, required: true, description: 'From this epoch on.' }),
      fromStep: t.arg.int({ defaultValue: 0, required: true, description: 'From this step on.' }),
      toEpoch: t.arg.int({ description: 'Up to this epoch; to the last when left out.' }),
      toStep: t.arg.int({ description: 'Up to this step; to the last when left out.' }),
      points: t.arg.int({
        defaultValue: 200,
        required: true,
        description: `Most points of each, 4 to ${MAX_PAGE_SIZE}.`,
      }),
    },
    resolve: (_root, { runIds, names, points, ...stretch }, { store }) => {
      if (runIds.length > RUNS_MAX) throw tooMany(`${runIds.length} runs`, RUNS_MAX);
      if (names.length > NAMES_MAX) throw tooMany(`${names.length} names`, NAMES_MAX);
      if (points < 4 || points > MAX_PAGE_SIZE) {
        throw new AppError(
          'BAD_INPUT',
          `'points' of 'series' is ${points}: a picture has 4 to ${MAX_PAGE_SIZE}.`,
        );
      }
      const ids = runIds.map((id) => parseRecordId(id, 'run'));
      return listRunSeries(store, { runIds: ids, names, points, ...stretch });
    },
  }),
);

builder.prismaObjectField(RunRef, 'figure', (t) =>
  t.float({
    nullable: true,
    description:
      'Any number of it as the line names it: `at(train.loss, best)`, `low(test.auc)`, `lr`, `duration`. Null where it has none.',
    args: {
      of: t.arg.string({ extensions: typed('search'), required: true, description: 'The number.' }),
    },
    resolve: (run, { of }, { loaders }) => {
      const field = readRunField(of);
      if (!isNumberField(field)) throw new AppError('BAD_INPUT', `'${printRunField(field)}' is no number.`);
      const kept = keptFigure(run, field);
      if (kept !== undefined) return kept;
      return loaders.figureOfRun.load({ runId: run.id, field }).then((value) => value ?? null);
    },
  }),
);

function tooMany(what: string, most: number): AppError {
  return new AppError('BAD_INPUT', `There are ${what} at once: at most ${most} fit.`);
}
