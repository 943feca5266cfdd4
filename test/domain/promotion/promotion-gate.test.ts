import {
  judgePromotion,
  judgeRollback,
  type PromotionCandidate,
  type PromotionChampion,
} from '@microtome/domain/promotion/promotion-gate';
import { parsePromotionPolicy } from '@microtome/domain/promotion/promotion-policy';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { expect, test } from 'vitest';
import { createCandidate } from './promotion-candidate.ts';

const POLICY = parsePromotionPolicy({});
const GOOD = createCandidate({ patientCount: 24, signal: 3 });

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
    'patients-known',
    'audit-passed',
    'run-succeeded',
    'test-evaluated-once',
    'better-than-majority-class',
    'better-than-colour-baseline',
    'calibrated',
    'enough-test-patients',
    'few-test-openings',
  ]);
});

test.each([
  ['SLIDE', 'acceptSlides', 'slides', 'by slide'],
  ['GROUP', 'acceptGroups', 'groups', 'by group of copies'],
] as const)(
  'a dataset of unit %s is refused unless the policy accepts it, in words of its own',
  (unit, accept, many, by) => {
    const refused = judge({ unit });
    expect(refused).toMatchObject({ allowed: false, canOverride: false });
    expect(findRule(refused, 'patients-known').sentence).toContain(`does not accept ${many}`);
    const accepted = judge({ unit }, null, { ...POLICY, [accept]: true });
    expect(accepted.allowed).toBe(true);
    expect(findRule(accepted, 'patients-known').sentence).toContain('which the policy accepts');
    expect(findRule(accepted, 'honest-split')).toMatchObject({
      figure: unit,
      sentence: `The split is ${by}.`,
    });
    const told = accepted.rules
      .filter(({ rule }) => rule !== 'patients-known')
      .map(({ sentence }) => sentence);
    expect(told.join(' ')).not.toMatch(/patient/i);
  },
);

test('a dataset without a unit is refused whatever the policy accepts, and counts nothing', () => {
  const { allowed, rules } = judge({ unit: 'NONE' }, null, {
    ...POLICY,
    acceptSlides: true,
    acceptGroups: true,
  });
  expect(allowed).toBe(false);
  expect(rules.map(({ rule }) => rule)).not.toContain('enough-test-patients');
});

test('what a run is to the colour baseline is said as a comparison says it', () => {
  const read = (interval: [number, number], sharedPatients: number) => {
    const baseline = { runName: 'colour', gap: { difference: 0.05, interval, sharedPatients } };
    const { passed, sentence } = findRule(judge({ baseline }), 'better-than-colour-baseline');
    return [passed, sentence.split(': ')[0]];
  };
  const other = "the colour-baseline run 'colour'";
  expect(read([0.01, 0.09], 24)).toEqual([true, `On TEST it is better than ${other}`]);
  expect(read([0.01, 0.09], 5)).toEqual([true, `On TEST it leads ${other}, on few patients`]);
  expect(read([-0.01, 0.09], 24)).toEqual([false, `On TEST it is not shown to be better than ${other}`]);
  expect(read([-0.09, -0.01], 24)).toEqual([false, `On TEST it is not shown to be better than ${other}`]);
});

test.each([
  [{ splitKind: 'PATCH' as const }, 'honest-split', /no run on it can be promoted/],
  [{ runStatus: 'FAILED' as const }, 'run-succeeded', /The run is FAILED/],
  [{ test: null }, 'test-evaluated-once', /TEST is still sealed/],
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

test('a run that learned nothing is refused as not better than the majority class, with its intervals', () => {
  const verdict = judgePromotion({
    policy: POLICY,
    candidate: createCandidate({ patientCount: 24, signal: 0.0001 }),
    champion: null,
  });
  expect(verdict).toMatchObject({ allowed: false, canOverride: true });
  expect(verdict.reasons.join(' ')).toMatch(
    /not shown to be better than always calling the majority class.*AUC 0\.\d+ to 0\.\d+/,
  );
});

test('an evaluation without intervals shows nothing and is refused', () => {
  const verdict = judge({ test: GOOD.test && { ...GOOD.test, intervals: {} } });
  expect(verdict.reasons.join(' ')).toMatch(/AUC without an interval/);
});

test('few TEST patients and many openings of TEST are warnings that refuse nothing', () => {
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

test('the run must be better than the colour baseline by an interval that excludes nought', () => {
  const against = (interval: [number, number] | null) => {
    const gap = { difference: 0.01, interval, sharedPatients: 24 };
    return judge({ baseline: { runName: 'colour', gap } });
  };
  expect(against([-0.01, 0.03]).reasons[0]).toMatch(
    /not shown to be better than the colour-baseline run 'colour'/,
  );
  expect(against([0, 0.03]).allowed).toBe(false);
  expect(against([0.001, 0.03]).allowed).toBe(true);
  expect(against(null)).toMatchObject({ allowed: false, canOverride: true });
  expect(judge({ baseline: { runName: 'colour', gap: null } }).reasons[0]).toMatch(/cannot be compared/);
});

test('a missing colour baseline refuses, can be overridden, and is a warning where the policy says so', () => {
  expect(judge({ baseline: null })).toMatchObject({
    allowed: false,
    canOverride: true,
    reasons: [expect.stringMatching(/No colour-baseline run on this split/)],
  });
  const lenient = judge({ baseline: null }, null, parsePromotionPolicy({ requireColourBaseline: false }));
  expect(lenient.allowed).toBe(true);
  expect(findRule(lenient, 'better-than-colour-baseline')).toMatchObject({ kind: 'warning', passed: false });
});

test('a colour baseline is not asked to beat itself, but the verdict says what it is', () => {
  const verdict = judge({ architecture: 'colour-baseline', baseline: null });
  expect(verdict.allowed).toBe(true);
  expect(findRule(verdict, 'better-than-colour-baseline')).toMatchObject({
    kind: 'warning',
    sentence: expect.stringMatching(/colour-baseline itself/),
  });
});

test('a rollback is stopped by rules of safety alone; those of quality warn', () => {
  const poor = { ...GOOD, baseline: null, test: GOOD.test && { ...GOOD.test, intervals: {} } };
  const verdict = judgeRollback({ policy: POLICY, candidate: poor });
  expect(verdict).toMatchObject({ allowed: true, reasons: [] });
  expect(findRule(verdict, 'better-than-majority-class')).toMatchObject({ kind: 'warning', passed: false });
  expect(verdict.rules.some(({ kind }) => kind === 'quality')).toBe(false);
  const leaking = { ...GOOD, audit: { passed: false, reasons: ['3 patches are copies.'] } };
  expect(judgeRollback({ policy: POLICY, candidate: leaking })).toMatchObject({
    allowed: false,
    canOverride: false,
  });
});

test('a missing audit refuses, and is a warning where the policy does not require one', () => {
  expect(judge({ audit: null })).toMatchObject({ allowed: false, canOverride: false });
  const lenient = judge({ audit: null }, null, parsePromotionPolicy({ requireAudit: false }));
  expect(lenient.allowed).toBe(true);
  expect(findRule(lenient, 'audit-passed')).toMatchObject({ kind: 'warning', passed: false });
});

test('a verdict survives being stored as JSON', () => {
  const verdict = judge({ splitKind: 'PATCH', splitTestOpenings: 3 });
  expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
});

test('a run that did not learn is warned of by name, and never refused for it', () => {
  const title = 'Did not learn: no better than chance on VALIDATION';
  const verdict = judge({ learning: { state: 'NOT_LEARNED', title, reason: 'AUC is 0.5.' } });
  expect(findRule(verdict, 'has-learned')).toMatchObject({
    kind: 'warning',
    passed: false,
    sentence: `${title}. AUC is 0.5.`,
  });
  expect(verdict.allowed).toBe(true);
});

test('external validation is a rule where a policy asks for it, and one exam that went well hides no other', () => {
  const policy = parsePromotionPolicy({ minimumExternalPatients: 10, minimumExternalBalancedAccuracy: 0.7 });
  const exam = (balancedAccuracy: number, patients = 12, unit: SplittingUnit = 'PATIENT') => ({
    datasetName: 'Utrecht',
    sites: [],
    unit,
    patients,
    balancedAccuracy,
  });
  expect(judge({}).rules.map(({ rule }) => rule)).not.toContain('external-validation');
  const look = (externalResults: ReturnType<typeof exam>[]) =>
    findRule(judge({ externalResults }, null, policy), 'external-validation');
  expect(look([])).toMatchObject({ passed: false, kind: 'quality' });
  expect(look([exam(0.9, 9)]).sentence).toContain('no external evaluation on at least 10 patients');
  expect(look([exam(0.7)]).passed).toBe(true);
  expect(look([exam(0.9), exam(0.69)])).toMatchObject({
    passed: false,
    sentence: expect.stringContaining("0.900 on 'Utrecht', 12 patients; 0.690 on 'Utrecht', 12 patients"),
  });
  // Slides count where the policy accepts them, and are called slides.
  const slides = exam(0.9, 50, 'SLIDE');
  expect(look([slides])).toMatchObject({
    passed: false,
    figure: null,
    sentence: expect.stringMatching(/at least 10 patients; .* split by: 'Utrecht', 50 slides\.$/),
  });
  expect(look([exam(0.9, 1, 'NONE')]).sentence).toContain("'Utrecht', patients unknown.");
  const lenient = parsePromotionPolicy({ ...policy, acceptSlides: true });
  const lookLeniently = (results: ReturnType<typeof exam>[]) =>
    findRule(judge({ externalResults: results }, null, lenient), 'external-validation');
  expect(lookLeniently([slides])).toMatchObject({
    passed: true,
    sentence: expect.stringContaining("0.900 on 'Utrecht', 50 slides"),
  });
  expect(lookLeniently([exam(0.9, 9, 'SLIDE')]).sentence).toContain('at least 10 patients or slides');
});

test('a policy may ask for figures in context: they are said to be, and without any the run is refused', () => {
  const champion = {
    name: 'idc version 1',
    gap: { difference: 0, interval: [-0.01, 0.02] as [number, number], sharedPatients: 24 },
  };
  const read = judge({ context: 'READ' }, champion, { ...POLICY, judgeInContext: true });
  expect(findRule(read, 'judged-in-context')).toMatchObject({ kind: 'quality', passed: true });
  const said = [
    'better-than-majority-class',
    'better-than-colour-baseline',
    'not-worse-than-champion',
    'calibrated',
  ];
  for (const rule of said) expect(findRule(read, rule).sentence).toContain(' in context ');
  const silent = judge({ context: 'SILENT' });
  expect(silent).toMatchObject({ allowed: false, canOverride: true });
  expect(findRule(silent, 'judged-in-context').sentence).toMatch(
    /asks for figures in context. Nothing to say/,
  );
  for (const rule of said.slice(0, 2)) expect(findRule(silent, rule).sentence).not.toContain(' in context ');
  expect(judge({}).rules.map(({ rule }) => rule)).not.toContain('judged-in-context');
});
