/** Comparisons of runs: which pairs are tested, on which patients, and what is said of those that are not. */
import { measurePair } from '@microtome/store/comparison/measure-pair';
import type { Run, Split } from '@microtome/store/generated/prisma/client';
import { createSplit } from '@microtome/store/split/create-split';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const COMPARE = `query ($runIds: [ID!]!, $referenceId: ID, $shared: Boolean! = false) {
  compareRuns(runIds: $runIds, referenceId: $referenceId, sharedPatientsOnly: $shared) {
    pairing verdict reference { id }
    pairs {
      a { id } b { id } refused patients patientsB sharedPatients restricted patches draws
      metrics { name a b difference pValue adjustedP acrossPairsP }
      tests { auc { difference low high pValue } naiveAuc { low high widthRatio } signFlipP signFlipIsExact
        clusteredMcNemarP naiveMcNemarP agreement { bothRight onlyA onlyB bothWrong } }
      differing { patientKey patches onlyA onlyB accuracyA accuracyB slides { id } }
    } } }`;

type Agreement = { bothRight: number; onlyA: number; onlyB: number; bothWrong: number };
type Pair = {
  a: { id: string };
  b: { id: string };
  refused: string | null;
  patients: number;
  patientsB: number;
  sharedPatients: number;
  restricted: boolean;
  patches: number;
  metrics: { name: string; a: number; pValue: number | null; acrossPairsP: number | null }[];
  tests: { auc: { difference: number }; agreement: Agreement } | null;
  differing: { patientKey: string; accuracyA: number; accuracyB: number; slides: { id: string }[] }[];
};
type Answer = {
  compareRuns: { pairing: string; verdict: string; reference: { id: string } | null; pairs: Pair[] };
};

let api: TestApi;
let bench: Bench;
let splits: [Split, Split];
/** Two runs on the first split and one on the second, all opened. */
let runs: [Run, Run, Run];

const compare = async (variables: object) => (await api.ask<Answer>(COMPARE, variables)).compareRuns;
const open = (run: Run) =>
  api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "A finalist.") { id } }', { id: run.id });

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  const make = async (seed: number) => {
    const fractions = { train: 0.2, validation: 0.2, test: 0.6 };
    const { datasetId } = bench.dataset;
    return (await createSplit(api.store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed, fractions }))[0]!;
  };
  splits = [await make(1), await make(2)];
  const finish = (split: Split, options: { skill: number; seed: number }) =>
    finishRun(api.store, { ...bench, split }, options);
  runs = [
    await finish(splits[0], { skill: 3, seed: 1 }),
    await finish(splits[0], { skill: 1, seed: 2 }),
    await finish(splits[1], { skill: 2, seed: 3 }),
  ];
  for (const run of runs) await open(run);
});
afterAll(() => api.close());

describe('two runs on the same TEST patients', () => {
  it('agree on as many patches as there are, and differ by patient, the most differing first', async () => {
    const { pairs, pairing, verdict } = await compare({ runIds: [runs[0].id, runs[1].id] });
    expect(pairing).toMatch(/against each other/);
    expect(verdict).toMatch(/^On 6 patients of TEST '.* \(AUC [+−]0\.\d{3}, 95 % by patient /);
    const [pair] = pairs as [Pair];
    expect(pair).toMatchObject({ refused: null, patients: 6, sharedPatients: 6, restricted: false });
    const { agreement } = pair.tests!;
    expect(Object.values(agreement).reduce((sum, count) => sum + count, 0)).toBe(pair.patches);
    const gaps = pair.differing.map(({ accuracyA, accuracyB }) => Math.abs(accuracyA - accuracyB));
    expect(gaps).toEqual(gaps.toSorted((x, y) => y - x));
    expect(pair.differing).toHaveLength(6);
    for (const { slides } of pair.differing) expect(slides).toHaveLength(1);
    const accuracy = pair.metrics.find(({ name }) => name === 'accuracy')!;
    expect(accuracy.a).toBeCloseTo((agreement.bothRight + agreement.onlyA) / pair.patches, 12);
    // One pair alone is one question per metric.
    for (const { pValue, acrossPairsP } of pair.metrics) expect(acrossPairsP).toBe(pValue);
  });

  it('are tested against the reference that was asked for, with differences the other way round', async () => {
    const runIds = [runs[0].id, runs[1].id];
    const { pairs: forward } = await compare({ runIds });
    const { pairs: backward, reference } = await compare({ runIds, referenceId: runs[0].id });
    expect(reference).toEqual({ id: runs[0].id });
    expect(backward[0]!.tests!.auc.difference).toBeCloseTo(-forward[0]!.tests!.auc.difference, 12);
  });
});

describe('runs whose TEST patients differ', () => {
  it('are not paired, and the patients that they share are offered', async () => {
    const { pairs } = await compare({ runIds: [runs[0].id, runs[2].id] });
    const [pair] = pairs as [Pair];
    expect(pair.refused).toMatch(
      /TEST patients differ: 6 and 6, of which they share (\d)\. .* paired on the \1/,
    );
    expect(pair.tests).toBeNull();
    expect(pair.sharedPatients).toBeGreaterThan(1);
  });

  it('are paired on the shared ones alone when that is asked for', async () => {
    const runIds = [runs[0].id, runs[2].id];
    const { pairs: refused } = await compare({ runIds });
    const { pairs } = await compare({ runIds, shared: true });
    const [pair] = pairs as [Pair];
    const { sharedPatients } = refused[0]!;
    expect(pair).toMatchObject({
      refused: null,
      restricted: true,
      patients: 6,
      patientsB: 6,
      sharedPatients,
    });
    const test = await Promise.all(splits.map(({ id }) => listTest(id)));
    const shared = test[0]!.filter((key) => test[1]!.includes(key));
    expect(pair.differing.map(({ patientKey }) => patientKey).sort()).toEqual(shared.sort());
  });
});

describe('many runs', () => {
  it('are tested against the best on VALIDATION of those that are open, and the rest is said', async () => {
    const queued = await Promise.all([1, 2, 3].map((seed) => launch(api.store, bench, { seed })));
    const runIds = [...queued.map(({ id }) => id), ...runs.map(({ id }) => id)];
    const { pairing, reference, pairs } = await compare({ runIds, shared: true });
    expect(runs.map(({ id }) => id)).toContain(reference?.id);
    expect(pairing).toMatch(/best on VALIDATION .* The 10 pairs without it are not computed/);
    expect(pairs).toHaveLength(5);
    for (const { b } of pairs) expect(b).toEqual(reference);
    for (const { a, refused } of pairs) {
      if (queued.some(({ id }) => id === a.id))
        expect(refused).toMatch(/is QUEUED: it has no TEST predictions/);
    }
    const tested = pairs.filter(({ tests }) => tests !== null);
    expect(tested).toHaveLength(2);
    for (const { metrics } of tested) {
      for (const { pValue, acrossPairsP } of metrics)
        if (pValue !== null) expect(acrossPairsP).toBeGreaterThanOrEqual(pValue);
    }
  });

  it('are tested in 20 pairs at most, those first that were asked for first', async () => {
    const more: Run[] = [];
    for (let seed = 10; seed < 32; seed++)
      more.push(await finishRun(api.store, { ...bench, split: splits[0] }, { skill: 1, seed }));
    await Promise.all(more.map(open));
    const reference = runs[0].id;
    const runIds = [reference, ...more.map(({ id }) => id)];
    const { pairs, pairing } = await compare({ runIds, referenceId: reference });
    expect(pairing).toMatch(/At most 20 of them are computed at once/);
    expect(pairs.map(({ a }) => a.id)).toEqual(more.map(({ id }) => id));
    const tested = pairs.map(({ refused, metrics }) => (refused === null ? metrics.length > 0 : refused));
    expect(tested).toEqual([
      ...Array(20).fill(true),
      ...Array(2).fill('Not computed: 20 pairs are tested at once. Compare fewer runs.'),
    ]);
    // The reference was measured once for all of them: each pair is what it is by itself.
    const alone = await measurePair(api.store, { runIdA: more[19]!.id, runIdB: reference });
    expect(pairs[19]!.metrics.map(({ name, a, pValue }) => [name, a, pValue])).toEqual(
      alone!.statistics.differences.map(({ metric, a, pValue }) => [metric, a, pValue]),
    );
  });

  it('are 200 at most, and the reference is one of them', async () => {
    const strangers = Array.from(
      { length: 201 },
      (_, at) => `00000000-0000-7000-8000-${`${at}`.padStart(12, '0')}`,
    );
    expect(await api.fail(COMPARE, { runIds: strangers })).toMatchObject({
      message: 'Compare 2 to 200 different runs, not 201.',
    });
    expect(
      await api.fail(COMPARE, { runIds: [runs[0].id, runs[1].id], referenceId: runs[2].id }),
    ).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(/is not among the compared runs/) });
  });
});

async function listTest(splitId: string): Promise<string[]> {
  const rows = await api.store.database.prisma.splitPatient.findMany({
    where: { splitId, subset: 'TEST' },
    select: { patient: { select: { patient: { select: { key: true } } } } },
  });
  return rows.map(({ patient }) => patient.patient.key);
}
