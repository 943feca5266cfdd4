/** Two models on the same exam, compared patch by patch. */
import {
  compareExternalEvaluations,
  type ExternalComparison,
} from '@microtome/store/external-evaluation/compare-external-evaluations';
import { builder } from '../../graphql/builder.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { ContextPairRef } from '../comparison/context-pair.ts';
import { PairedMetricRef, PairTestsRef } from '../comparison/paired-comparison.ts';
import { RunRef } from '../run/run.ts';

const ExternalComparisonRef = builder.objectRef<ExternalComparison>('ExternalComparison').implement({
  description: 'Two models on the same patches of the same exam, each at its own threshold.',
  fields: (t) => ({
    a: t.field({ type: RunRef, description: 'The first run.', resolve: ({ a }) => a }),
    b: t.field({ type: RunRef, description: 'The second run.', resolve: ({ b }) => b }),
    sharedPatients: t.exposeInt('sharedPatients', { description: 'Patients that both predicted.' }),
    patches: t.exposeInt('patches', { description: 'Patches that both predicted.' }),
    draws: t.exposeInt('draws', { description: 'Paired bootstrap draws of whole patients.' }),
    metrics: t.field({
      type: [PairedMetricRef],
      description: 'The metrics with their paired differences.',
      resolve: ({ metrics }) => metrics,
    }),
    tests: t.field({
      type: PairTestsRef,
      nullable: true,
      description: 'Tests by patient.',
      resolve: ({ tests }) => tests,
    }),
    context: t.field({
      type: ContextPairRef,
      description:
        'The same by the probability in context, each run by the step that it froze at home, on the patches that have one in both, or why there is nothing to say.',
      resolve: ({ readContext }) => readContext(),
    }),
    caution: t.exposeString('caution', {
      nullable: true,
      description: 'Why intervals and p-values need caution (few patients), as a sentence; null if not.',
    }),
  }),
});

builder.queryField('compareExternalEvaluations', (t) =>
  t.field({
    type: ExternalComparisonRef,
    description: 'Compares two models that were put to the same test, paired, by the unit of its dataset.',
    args: {
      idA: t.arg.id({ required: true, description: 'External evaluation of the first model.' }),
      idB: t.arg.id({
        required: true,
        description: 'That of the second one, on the same dataset, task and sites.',
      }),
    },
    resolve: (_root, { idA, idB }, { store, pairs }) =>
      compareExternalEvaluations(
        store,
        {
          idA: parseRecordId(idA, 'external evaluation'),
          idB: parseRecordId(idB, 'external evaluation'),
        },
        pairs,
      ),
  }),
);
