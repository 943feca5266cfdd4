/** The patches that tell a person most: of what may be read alone, right by the stored probabilities, with their places. */
import type { Run } from '@microtome/store/generated/prisma/client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Patch = {
  index: number;
  patientKey: string;
  slideId: string;
  x: number;
  y: number;
  isPositive: boolean;
  isCalled: boolean;
  probability: number;
  imageUrl: string;
};
type Told = { subset: string; threshold: number; errors: Patch[]; uncertain: Patch[] };

const FACTS = 'index patientKey slideId x y isPositive isCalled probability imageUrl';
const ASK = `query ($id: ID!) { run(id: $id) { evaluations { subset threshold
  errors: tellingPatches(kind: ERROR, first: 5) { ${FACTS} } uncertain: tellingPatches(kind: UNCERTAIN) { ${FACTS} } } } }`;

let api: TestApi;
let run: Run;

beforeAll(async () => {
  api = await startTestApi();
  run = await finishRun(api.store, await createBench(api.store), { skill: 0.5, seed: 1 });
});
afterAll(() => api.close());

const ask = async () => {
  const answer = await api.ask<{ run: { evaluations: Told[] } }>(ASK, { id: run.id });
  return new Map(answer.run.evaluations.map((one) => [one.subset, one]));
};

/** Patient, place, label and probability of every patch that may be read. */
async function readTable(subset: string) {
  const text = await (await api.get(`/runs/${run.id}/predictions.csv`)).text();
  const [header, ...lines] = text.trimEnd().split('\n');
  const names = header!.trim().split(',');
  const rows = lines.map((line) => {
    const cells = line.trim().split(',');
    return Object.fromEntries(names.map((name, at) => [name, cells[at]!]));
  });
  return rows.filter((row) => row.subset === subset);
}

it('are those that the table of predictions has, and none of TEST before it was opened', async () => {
  const found = await ask();
  expect([...found.keys()]).toEqual(['VALIDATION']);
  const { threshold, errors, uncertain } = found.get('VALIDATION')!;
  const rows = await readTable('VALIDATION');
  const probability = (row: (typeof rows)[number]) => Number(row.probability);
  const wrong = rows.filter((row) => probability(row) >= threshold !== (row.label === '1'));
  const certainty = (row: (typeof rows)[number]) => Math.abs(probability(row) - Number(row.label));
  wrong.sort((a, b) => certainty(b) - certainty(a));
  expect(errors.length).toBeGreaterThan(0);
  expect(errors.map((patch) => patch.probability)).toEqual(wrong.slice(0, 5).map(probability));
  for (const patch of errors) expect(patch.isCalled).toBe(!patch.isPositive);
  const nearest = rows.map((row) => Math.abs(probability(row) - threshold)).sort((a, b) => a - b);
  expect(uncertain.map((patch) => Math.abs(patch.probability - threshold))).toEqual(nearest.slice(0, 12));
  const [first] = errors;
  const { index, slideId, x, y } = first!;
  expect(wrong[0]).toMatchObject({ patient: first!.patientKey });
  const stored = { datasetId: run.datasetId!, index };
  expect(await api.store.database.prisma.patch.findFirst({ where: stored })).toMatchObject({ slideId, x, y });
  expect((await api.get(first!.imageUrl)).headers.get('content-type')).toBe('image/png');
});

it('are of TEST once it was opened', async () => {
  await api.ask('mutation ($id: ID!) { openTest(runId: $id, reason: "final") { id } }', { id: run.id });
  const test = (await ask()).get('TEST')!;
  const patients = new Set((await readTable('TEST')).map(({ patient }) => patient));
  expect(test.uncertain.length).toBeGreaterThan(0);
  for (const { patientKey } of [...test.errors, ...test.uncertain])
    expect(patients.has(patientKey)).toBe(true);
});

it('are so many at most', async () => {
  const query = `query ($id: ID!) { run(id: $id) { evaluations { tellingPatches(kind: ERROR, first: 61) { index } } } }`;
  expect(await api.fail(query, { id: run.id })).toMatchObject({ code: 'BAD_INPUT' });
});
