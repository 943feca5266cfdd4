import { evaluateWithIntervals } from '@microtome/domain/evaluation';
import {
  judgePromotion,
  type PromotionCandidate,
  type PromotionChampion,
  parsePromotionPolicy,
  promotionPolicyJsonSchema,
} from '@microtome/domain/promotion-policy';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { expect, test } from 'vitest';
import { toScored } from './worked-example.ts';

const POLICY = parsePromotionPolicy({});
const GOOD = createCandidate({ patientCount: 24, signal: 3 });

/** A run's TEST with as many patients and as much signal as asked for, evaluated for real. */
function createCandidate({
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
  return {
    runStatus: 'SUCCEEDED',
    splitKind: 'PATIENT',
    test: { metrics, intervals },
    audit: { passed: true, reasons: [] },
  };
}

function judge(
  changes: Partial<PromotionCandidate>,
  champion: PromotionChampion | null = null,
  policy = POLICY,
) {
  return judgePromotion({ policy, candidate: { ...GOOD, ...changes }, champion });
}

function findRule(verdict: ReturnType<typeof judge>, rule: string) {
  const found = verdict.rules.find((one) => one.rule === rule);
  if (!found) throw new Error(`no rule ${rule}`);
  return found;
}

test('a good run on an honest split passes every rule and needs no reason', () => {
  const verdict = judge({ splitTestOpenings: 2 });
  expect(verdict).toMatchObject({ allowed: true, canOverride: false, reasons: [] });
  expect(verdict.rules.every(({ passed }) => passed)).toBe(true);
  expect(verdict.rules.map(({ rule }) => rule)).toEqual([
    'honest-split',
    'run-succeeded',
    'test-opened',
    'audit-passed',
    'better-than-always-no',
    'calibrated',
    'enough-test-patients',
    'few-test-openings',
  ]);
});

test.each([
  [{ splitKind: 'PATCH' as const }, 'honest-split', /no run on it can be promoted/],
  [{ runStatus: 'FAILED' as const }, 'run-succeeded', /The run is FAILED/],
  [{ test: null }, 'test-opened', /TEST is still sealed/],
  [
    { audit: { passed: false, reasons: ['3 patches are copies.'] } },
    'audit-passed',
    /failed: 3 patches are copies/,
  ],
])('a rule of safety refuses %j and cannot be overridden', (changes, rule, sentence) => {
  const verdict = judge(changes);
  expect(verdict).toMatchObject({ allowed: false, canOverride: false });
  expect(findRule(verdict, rule)).toMatchObject({ kind: 'safety', passed: false });
  expect(verdict.reasons.join(' ')).toMatch(sentence);
});

test('a run that learned nothing is refused as not better than always saying no, with its intervals', () => {
  const verdict = judgePromotion({
    policy: POLICY,
    candidate: createCandidate({ patientCount: 24, signal: 0.0001 }),
    champion: null,
  });
  expect(verdict).toMatchObject({ allowed: false, canOverride: true });
  expect(verdict.reasons.join(' ')).toMatch(
    /not shown to be better than always saying no.*AUC 0\.\d+ to 0\.\d+/,
  );
});

test('an evaluation without intervals shows nothing and is refused', () => {
  const verdict = judge({ test: GOOD.test && { ...GOOD.test, intervals: {} } });
  expect(verdict.reasons.join(' ')).toMatch(/AUC without an interval/);
});

test('few TEST patients and many openings of TEST are warnings that stop nobody', () => {
  const few = createCandidate({ patientCount: 6, signal: 4 });
  const verdict = judge({ test: few.test, splitTestOpenings: 11 });
  expect(verdict.allowed).toBe(true);
  expect(findRule(verdict, 'enough-test-patients')).toMatchObject({
    kind: 'warning',
    passed: false,
    figure: 6,
  });
  expect(findRule(verdict, 'few-test-openings')).toMatchObject({
    kind: 'warning',
    passed: false,
    figure: 11,
  });
});

test('poor calibration is refused with the figure, and by a wider bound allowed', () => {
  const test90 = GOOD.test && { ...GOOD.test, metrics: { ...GOOD.test.metrics, ece: 0.15 } };
  expect(judge({ test: test90 }).reasons).toEqual([
    expect.stringMatching(/calibration error on TEST is 0.150; at most 0.1/),
  ]);
  expect(judge({ test: test90 }, null, parsePromotionPolicy({ maximumEce: 0.2 })).allowed).toBe(true);
  const unknown = GOOD.test && { ...GOOD.test, metrics: { ...GOOD.test.metrics, ece: null } };
  expect(judge({ test: unknown }).allowed).toBe(false);
});

test('the champion is kept unless the interval excludes being worse than it by more than the margin', () => {
  const against = (interval: [number, number] | null, sharedPatients = 24) =>
    judge({}, { name: 'idc version 1', gap: { difference: 0, interval, sharedPatients } });
  expect(against([-0.019, 0.02]).allowed).toBe(true);
  expect(against([-0.021, 0.02])).toMatchObject({ allowed: false, canOverride: true });
  expect(against([-0.021, 0.02]).reasons[0]).toMatch(
    /24 patients shared with the champion idc version 1.*does not exclude/,
  );
  expect(against(null, 0).reasons[0]).toMatch(/share no TEST patients/);
  expect(judge({}, { name: 'idc version 1', gap: null }).allowed).toBe(false);
});

test('where a colour baseline is given, the run must be better than it', () => {
  const gap = { difference: 0.01, interval: [-0.01, 0.03] as [number, number], sharedPatients: 24 };
  expect(judge({ againstBaseline: gap }).reasons[0]).toMatch(/not shown to be better than colour-baseline/);
  expect(judge({ againstBaseline: { ...gap, interval: [0.001, 0.03] } }).allowed).toBe(true);
});

test('a missing audit refuses, and is a warning where the policy does not require one', () => {
  expect(judge({ audit: null })).toMatchObject({ allowed: false, canOverride: false });
  const lenient = judge({ audit: null }, null, parsePromotionPolicy({ requireAudit: false }));
  expect(lenient.allowed).toBe(true);
  expect(findRule(lenient, 'audit-passed')).toMatchObject({ kind: 'warning', passed: false });
});

test('a policy is completed with defaults, and unknown or impossible bounds are refused by name', () => {
  expect(POLICY).toEqual({
    minimumTestPatients: 20,
    championAucMargin: 0.02,
    maximumEce: 0.1,
    maximumTestOpenings: 10,
    requireAudit: true,
  });
  expect(parsePromotionPolicy(POLICY)).toEqual(POLICY);
  expect(() => parsePromotionPolicy({ maximumEce: 2 })).toThrow(/maximumEce/);
  expect(() => parsePromotionPolicy({ anything: 1 })).toThrow(/anything/);
  expect(Object.keys(promotionPolicyJsonSchema().properties as object)).toEqual(Object.keys(POLICY));
});

test('a verdict survives being stored as JSON', () => {
  const verdict = judge({ splitKind: 'PATCH', splitTestOpenings: 3 });
  expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
});
