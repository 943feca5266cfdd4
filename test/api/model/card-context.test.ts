/** What a model card says of neighbours where patients are too few for an interval. */
import type { ContextEvaluation } from '@microtome/domain/context/context-evaluation';
import { expect, it } from 'vitest';
import { describeNeighbours } from '../../../apps/api/src/model-card/card-context.ts';
import type { CardEvidence } from '../../../apps/api/src/model-card/gather-card-evidence.ts';

it('a figure beside its number is not called undefined where its difference has no interval', () => {
  const figures = (auc: number) => ({ metrics: { patches: 120, auc }, intervals: {} });
  const context = {
    step: { radius: 1, weight: 1, temperature: 1, threshold: 0.05 },
    ...{ own: figures(0.684), inContext: figures(0.724), leftOut: 0, caution: 'Only 1 patient.' },
    gains: [
      {
        ...{ metric: 'auc', difference: 0.04, interval: null },
        verdict: { kind: 'UNDEFINED', text: 'undefined' },
      },
    ],
  } as unknown as ContextEvaluation;
  const evidence = {
    version: { run: { experiment: { dataset: { unit: 'PATIENT' }, task: { positiveName: 'tumor' } } } },
    evaluations: [{ row: { subset: 'TEST' }, context }],
  } as unknown as CardEvidence;
  const text = JSON.stringify(describeNeighbours(evidence));
  expect(text).toContain('those up to 1 side away');
  expect(text).toContain('What it adds to AUC on TEST has no interval. Only 1 patient.');
  expect(text).toContain('"0.684","0.724","0.040"');
  expect(text).not.toContain('undefined');
});
