/** Runs side by side: what differs in them, and paired statistics between those whose TEST is open. */

import { describeComparison } from '@microtome/domain/comparison/describe-comparison';
import type { HyperparameterDifference } from '@microtome/domain/comparison/hyperparameter-differences';
import { compareRuns, type RunComparison } from '@microtome/store/comparison/compare-runs';
import { getChampionRunId } from '@microtome/store/model/model-aliases';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { RunRef } from '../run/run.ts';
import { ContextPairRef } from './context-pair.ts';
import { PairedComparisonRef } from './paired-comparison.ts';

const HyperparameterDifferenceRef = builder
  .objectRef<HyperparameterDifference>('HyperparameterDifference')
  .implement({
    description: 'One hyperparameter that differs between the runs.',
    fields: (t) => ({
      key: t.exposeString('key', { description: 'Name of the hyperparameter.' }),
      values: t.field({
        type: ['JSON'],
        nullable: { list: false, items: true },
        description: 'Its value in each run, in the order of `runs`.',
        resolve: ({ values }) => values,
      }),
    }),
  });

const RunComparisonRef = builder.objectRef<RunComparison>('RunComparison').implement({
  description: 'Two or more runs side by side.',
  fields: (t) => ({
    runs: t.field({ type: [RunRef], description: 'The runs, as asked for.', resolve: ({ runs }) => runs }),
    differences: t.field({
      type: [HyperparameterDifferenceRef],
      description: 'The hyperparameters that differ.',
      resolve: ({ differences }) => differences,
    }),
    warnings: t.exposeStringList('warnings', { description: 'What to keep in mind, as sentences.' }),
    reference: t.field({
      type: RunRef,
      nullable: true,
      description: 'What all other runs are tested against; null where every pair is tested.',
      resolve: ({ reference }) => reference,
    }),
    pairing: t.exposeString('pairing', {
      description: 'Which pairs are tested and which are not, as a sentence.',
    }),
    verdict: t.string({
      description:
        'What was found, in one sentence: of two runs, which has the higher AUC on TEST, by how much and how sure that is; of more, how many pairs are told apart. Where nothing was tested, why.',
      resolve: async ({ listPairs }) => describeComparison(await listPairs()),
    }),
    pairs: t.field({
      type: [PairedComparisonRef],
      description: 'The pairs, with statistics or the reason why there are none.',
      resolve: ({ listPairs }) => listPairs(),
    }),
    contextPairs: t.field({
      type: [ContextPairRef],
      description:
        'The same pairs by the probability in context, on the patches that have one in both, or why there is nothing to say.',
      resolve: ({ listContextPairs }) => listContextPairs(),
    }),
  }),
});

builder.queryField('compareRuns', (t) =>
  t.field({
    type: RunComparisonRef,
    description:
      'Compares 2 to 200 runs. Statistics need an opened TEST with the same patients. Every pair of up to 4 runs is tested, of more each run against one reference, at most 20 pairs.',
    args: {
      runIds: t.arg.idList({ required: true, description: 'Ids of the runs.' }),
      referenceId: t.arg.id({
        description:
          'The run that all others are tested against. Without it, of more than 4 runs: the best on VALIDATION of those whose TEST is open.',
      }),
      championOf: t.arg.string({
        extensions: typed('search'),
        description:
          'A model, as NAME or PROJECT/NAME: the run behind its champion is compared too, and is the reference.',
      }),
      sharedPatientsOnly: t.arg.boolean({
        defaultValue: false,
        required: true,
        description: 'Pairs runs whose TEST patients differ on the patients that they share.',
      }),
    },
    resolve: async (
      _root,
      { runIds, referenceId, championOf, sharedPatientsOnly },
      { store, pairs, access },
    ) => {
      const championId = championOf ? await getChampionRunId(store, championOf, access.projectIds) : null;
      const asked = runIds.map((runId) => parseRecordId(runId, 'run'));
      return compareRuns(
        store,
        {
          runIds: championId && !asked.includes(championId) ? [...asked, championId] : asked,
          referenceId: championId ?? (referenceId ? parseRecordId(referenceId, 'run') : null),
          sharedPatientsOnly,
        },
        pairs,
      );
    },
  }),
);
