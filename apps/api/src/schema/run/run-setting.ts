/** The setting of a run: the runs that differ from it in their seed alone, with mean and spread. */
import type { RunSetting } from '@microtome/store/run/run-settings';
import { builder } from '../../graphql/builder.ts';
import { RunRef } from './run.ts';

const RunSettingRef = builder.objectRef<RunSetting>('RunSetting').implement({
  description:
    'The runs of one experiment, split and set of hyperparameters that differ only in their seed: their differences are training noise. One seed says nothing about it.',
  fields: (t) => ({
    seeds: t.field({ type: ['BigInt'], description: 'Their seeds, rising.', resolve: ({ seeds }) => seeds }),
    finishedCount: t.int({
      description: 'Seeds whose run SUCCEEDED; the figures are theirs.',
      resolve: ({ finished }) => finished,
    }),
    meanValidationAuc: t.float({
      nullable: true,
      description: 'Mean AUC on VALIDATION over the seeds; null before one finished.',
      resolve: ({ mean }) => mean,
    }),
    sdValidationAuc: t.float({
      nullable: true,
      description:
        'Standard deviation of the AUC on VALIDATION between seeds (divisor n - 1); null below two.',
      resolve: ({ standardDeviation }) => standardDeviation,
    }),
  }),
});

builder.prismaObjectField(RunRef, 'setting', (t) =>
  t.field({
    type: RunSettingRef,
    description: 'The runs that differ from it in their seed alone, itself among them.',
    resolve: async ({ id, seed, splitId }, _args, { loaders }) => {
      // Without a split there is no other run to which it compares.
      const found = splitId === null ? null : await loaders.settingOfRun.load(id);
      const alone = { runId: id, seeds: seed === null ? [] : [seed], finished: 0 };
      return found ?? { ...alone, mean: null, standardDeviation: null };
    },
  }),
);
