/** A run before the gate, as good as it is asked to be, evaluated for real. */
import { evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import type { PromotionCandidate } from '@microtome/domain/promotion/promotion-gate';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { toScored } from '../../fixtures/worked-example.ts';

/** A run's TEST with as many patients and as much signal as asked for, evaluated for real. */
export function createCandidate({
  patientCount,
  signal,
}: {
  patientCount: number;
  signal: number;
}): PromotionCandidate {
  const random = createRandom(5);
  const patients = Array.from({ length: patientCount * 40 }, (_, index) => Math.floor(index / 40));
  const logits = patients.map(() => gaussian(random));
  const labels = logits.map((logit) => (random.next() < 1 / (1 + Math.exp(-signal * logit)) ? 1 : 0));
  const probabilities = logits.map((logit) => 1 / (1 + Math.exp(-signal * logit)));
  const scored = toScored(probabilities, labels, patients);
  const { metrics, intervals } = evaluateWithIntervals({ scored, threshold: 0.5, draws: 300, seed: 1 });
  const gap = { difference: 0.05, interval: [0.01, 0.09] as [number, number], sharedPatients: patientCount };
  return {
    architecture: 'deep',
    runStatus: 'SUCCEEDED',
    splitKind: 'PATIENT',
    unit: 'PATIENT',
    test: { metrics, intervals },
    audit: { passed: true, reasons: [] },
    baseline: { runName: 'colour', gap },
  };
}
