import {
  type AllowedAct,
  findRollbackTarget,
  type PromotionAct,
} from '@microtome/domain/promotion/promotion-act';
import {
  parsePromotionPolicy,
  promotionPolicyJsonSchema,
} from '@microtome/domain/promotion/promotion-policy';
import { expect, test } from 'vitest';

const POLICY = parsePromotionPolicy({});

test('a policy is completed with defaults, and unknown or impossible bounds are refused by name', () => {
  expect(POLICY).toEqual({
    requireAudit: true,
    acceptSlides: false,
    acceptGroups: false,
    requireColourBaseline: true,
    judgeInContext: false,
    championAucMargin: 0.02,
    maximumEce: 0.1,
    minimumTestPatients: 20,
    maximumTestOpenings: 10,
    minimumExternalPatients: 0,
    minimumExternalBalancedAccuracy: 0.5,
  });
  expect(parsePromotionPolicy(POLICY)).toEqual(POLICY);
  expect(() => parsePromotionPolicy({ maximumEce: 2 })).toThrow(/maximumEce/);
  expect(() => parsePromotionPolicy({ anything: 1 })).toThrow(/anything/);
  expect(Object.keys(promotionPolicyJsonSchema().properties as object)).toEqual(Object.keys(POLICY));
});

test.each<[string, [PromotionAct, string][], string | null]>([
  ['nothing was done', [], null],
  ['one version alone was promoted', [['PROMOTE', 'v1']], null],
  [
    'a second followed',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
    ],
    'v1',
  ],
  [
    'the one champion was demoted',
    [
      ['PROMOTE', 'v1'],
      ['DEMOTE', 'v1'],
    ],
    'v1',
  ],
  [
    'the second was demoted',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
      ['DEMOTE', 'v2'],
    ],
    'v2',
  ],
  [
    'a demotion was undone',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
      ['DEMOTE', 'v2'],
      ['ROLL_BACK', 'v2'],
    ],
    'v1',
  ],
  [
    'it was rolled back all the way',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
      ['ROLL_BACK', 'v1'],
    ],
    null,
  ],
  [
    'it was rolled back twice of three',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
      ['PROMOTE', 'v3'],
      ['ROLL_BACK', 'v2'],
      ['ROLL_BACK', 'v1'],
    ],
    null,
  ],
  [
    'another was promoted after a rollback',
    [
      ['PROMOTE', 'v1'],
      ['PROMOTE', 'v2'],
      ['ROLL_BACK', 'v1'],
      ['PROMOTE', 'v3'],
    ],
    'v1',
  ],
  [
    'promoted, demoted, another promoted',
    [
      ['PROMOTE', 'v1'],
      ['DEMOTE', 'v1'],
      ['PROMOTE', 'v2'],
    ],
    null,
  ],
])('the version to return to when %s', (_title, acts, target) => {
  expect(findRollbackTarget(acts.map(([act, versionId]): AllowedAct => ({ act, versionId })))).toBe(target);
});
