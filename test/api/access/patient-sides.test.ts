/** On which side a patient is in a split of others: a person may stand in datasets of several projects, and each tells its own alone. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';

type Page = { patients: { edges: { node: { key: string; subset: string | null } }[] } };

const SIDES = `query Sides($datasetId: ID!, $splitId: ID!) {
  patients(datasetId: $datasetId, first: 50) { edges { node { key subset(splitId: $splitId) } } } }`;

let bench: AccessBench;

beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

async function listSides(who: Who, ids: { datasetId: string; splitId: string }) {
  const { data, errors } = await bench.ask(who, SIDES, ids);
  expect(errors).toBeUndefined();
  const { edges } = (data as unknown as Page).patients;
  return new Map(edges.map(({ node }) => [node.key, node.subset]));
}

it('is told of a split of the dataset that is shown, and not of a split of another project with the same patients', async () => {
  const { mine, theirs } = bench;
  const own = await listSides('VIEWER', { datasetId: mine.dataset, splitId: mine.split });
  expect(new Set(own.values())).toEqual(new Set(['TRAIN', 'VALIDATION', 'TEST']));
  const others = await listSides('FOREIGNER', { datasetId: theirs.dataset, splitId: theirs.split });
  expect([...others.keys()]).toEqual([...own.keys()]);
  expect([...others.values()]).not.toContain(null);
  const asked = await listSides('VIEWER', { datasetId: mine.dataset, splitId: theirs.split });
  expect(new Set(asked.values())).toEqual(new Set([null]));
});

it('is told of no other split to who sees both projects either: that is asked of its own dataset', async () => {
  const { mine, theirs } = bench;
  const asked = await listSides('SERVER_OWNER', { datasetId: mine.dataset, splitId: theirs.split });
  expect(new Set(asked.values())).toEqual(new Set([null]));
});
