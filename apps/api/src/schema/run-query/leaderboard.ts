/** The best runs of each split by one figure. */
import { AppError } from '@microtome/domain/app-error';
import { FIGURE_NAMES, FIGURE_SUBSETS } from '@microtome/domain/run-query/run-field';
import { type LeaderboardEntry, listLeaderboard } from '@microtome/store/run-query/leaderboard';
import { builder } from '../../graphql/builder.ts';
import { MAX_PAGE_SIZE } from '../../graphql/page-size.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { SubsetEnum } from '../enums.ts';
import { RunRef } from '../run/run.ts';
import { QUERY_ARGUMENT, RunFilterInput, selectRuns } from './run-filter.ts';

const LeaderboardEntryRef = builder.objectRef<LeaderboardEntry>('LeaderboardEntry').implement({
  description: 'A run and its place among those of its split.',
  fields: (t) => ({
    rank: t.exposeInt('rank', { description: 'From 1 within the split; runs of one value share it.' }),
    run: t.field({
      type: RunRef,
      nullable: true,
      description: 'The run; null when it was deleted meanwhile.',
      resolve: async ({ runId }, _args, { loaders }) => (await loaders.run.load(runId)) ?? null,
    }),
    value: t.exposeFloat('value', { description: 'The figure.' }),
    low: t.exposeFloat('low', { nullable: true, description: 'Lower end of its 95 % interval.' }),
    high: t.exposeFloat('high', { nullable: true, description: 'Upper end of its 95 % interval.' }),
  }),
});

builder.queryField('leaderboard', (t) =>
  t.field({
    type: [LeaderboardEntryRef],
    description:
      'The best runs of a split by one figure, or those of every split, split by split. Archived runs are left out unless the filter says otherwise; runs whose TEST is sealed have no place on TEST.',
    args: {
      splitId: t.arg.id({ description: 'The split; every split when left out.' }),
      metric: t.arg.string({
        extensions: typed('word'),
        required: true,
        description: 'Name of the metric, e.g. auc, balancedAccuracy, logLoss or macro.auc.',
      }),
      subset: t.arg({
        type: SubsetEnum,
        defaultValue: 'VALIDATION' as const,
        required: true,
        description: 'VALIDATION or TEST.',
      }),
      filter: t.arg({ type: RunFilterInput, description: 'Which runs.' }),
      query: t.arg.string(QUERY_ARGUMENT),
      first: t.arg.int({ defaultValue: 10, required: true, description: 'How many of each split.' }),
    },
    resolve: async (_root, { splitId, metric, subset, first, ...asked }, context) => {
      const side = FIGURE_SUBSETS.find((one) => one === subset);
      if (!side)
        throw new AppError(
          'BAD_INPUT',
          'There is no leaderboard of TRAIN: runs are evaluated on VALIDATION and TEST.',
        );
      if (!FIGURE_NAMES.includes(metric)) {
        const hint = /^(validation|test)\./i.test(metric) ? ' The subset is said by `subset`.' : '';
        throw new AppError(
          'BAD_INPUT',
          `'${metric}' is no figure of an evaluation: there are ${FIGURE_NAMES.join(', ')}.${hint}`,
        );
      }
      const filter = { archived: false, ...asked.filter };
      return listLeaderboard(context.store, {
        ...(await selectRuns(context, { ...asked, filter })),
        splitId: splitId ? parseRecordId(splitId, 'split') : null,
        subset: side,
        name: metric,
        perSplit: first,
        take: MAX_PAGE_SIZE,
      });
    },
  }),
);
