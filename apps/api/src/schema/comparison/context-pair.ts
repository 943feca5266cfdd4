/** Two runs on the same patches of an opened TEST or of an exam, each read with its neighbours by the run's own step. */
import type { ContextPair } from '@microtome/domain/context/context-pair';
import type { ComparedRun } from '@microtome/store/comparison/compared-runs';
import { builder } from '../../graphql/builder.ts';
import { RunRef } from '../run/run.ts';
import { PairedMetricRef } from './paired-comparison.ts';

export const ContextPairRef = builder.objectRef<ContextPair<ComparedRun>>('ContextPair').implement({
  description:
    'Two runs on the patches of an opened TEST, or of an exam, that have a context in both, by the probability in context, each at the threshold of its step.',
  fields: (t) => ({
    a: t.field({ type: RunRef, description: 'The first run.', resolve: ({ a }) => a }),
    b: t.field({ type: RunRef, description: 'The second run.', resolve: ({ b }) => b }),
    sharedPatients: t.exposeInt('sharedPatients', { description: 'Patients that are paired.' }),
    patches: t.exposeInt('patches', { description: 'Patches that have a context in both.' }),
    draws: t.exposeInt('draws', { description: 'Paired bootstrap draws of whole patients.' }),
    contextAuc: t.field({
      type: PairedMetricRef,
      nullable: true,
      description: 'AUC by the probability in context; null where there is nothing to say.',
      resolve: ({ metrics }) => metrics.find(({ metric }) => metric === 'auc') ?? null,
    }),
    metrics: t.field({
      type: [PairedMetricRef],
      description: 'Every metric by the probability in context, with its paired difference.',
      resolve: ({ metrics }) => metrics,
    }),
    caution: t.exposeString('caution', {
      nullable: true,
      description: 'Why intervals and p-values need caution (few patients), as a sentence; null if not.',
    }),
    silence: t.exposeString('silence', {
      nullable: true,
      description: 'Why there is nothing to say, as a sentence; null where there is.',
    }),
  }),
});
