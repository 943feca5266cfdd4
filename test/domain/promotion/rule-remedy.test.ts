/** What can be done about a rule of the gate that does not hold. */
import { judgePromotion, type PromotionCandidate } from '@microtome/domain/promotion/promotion-gate';
import { parsePromotionPolicy } from '@microtome/domain/promotion/promotion-policy';
import { findRemedy } from '@microtome/domain/promotion/rule-remedy';
import { expect, test } from 'vitest';
import { createCandidate } from './promotion-candidate.ts';

const GOOD = createCandidate({ patientCount: 24, signal: 3 });
const POLICY = parsePromotionPolicy({});

function judge(changes: Partial<PromotionCandidate>) {
  return judgePromotion({ policy: POLICY, candidate: { ...GOOD, ...changes }, champion: null });
}

test('what an act can mend has that act, and nothing else has one', () => {
  const remedies = (changes: Partial<PromotionCandidate>) =>
    judge(changes).rules.flatMap((rule) => findRemedy(rule) ?? []);
  expect(remedies({})).toEqual([]);
  expect(remedies({ test: null })).toEqual(['OPEN_TEST']);
  expect(remedies({ baseline: null })).toEqual(['TRAIN_COLOUR_BASELINE']);
  // A baseline that is there and better, or that the candidate is itself, is not mended by another one.
  const gap = { difference: -0.1, interval: [-0.2, -0.05] as [number, number], sharedPatients: 24 };
  expect(remedies({ baseline: { runName: 'colour', gap } })).toEqual([]);
  expect(remedies({ baseline: { runName: 'colour', gap: null } })).toEqual([]);
  expect(remedies({ architecture: 'colour-baseline', baseline: null })).toEqual([]);
  expect(remedies({ audit: { passed: false, reasons: ['3 patches are copies.'] } })).toEqual(['SEE_AUDIT']);
  expect(remedies({ splitKind: 'PATCH' })).toEqual(['SPLIT_BY_PATIENT']);
  expect(remedies({ unit: 'SLIDE' })).toEqual(['CHANGE_POLICY']);
  expect(remedies({ unit: 'NONE' })).not.toContain('CHANGE_POLICY');
  expect(remedies({ runStatus: 'FAILED' })).toEqual(['SEE_RUN']);
});
