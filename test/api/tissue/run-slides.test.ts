/** The slides of many runs at once: each run's own figures, a fault of one run its own, and no more statements than for one. */
import type { Run } from '@microtome/store/generated/prisma/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countStatements } from '../../fixtures/count-statements.ts';
import { type Bench, createBench, finishRun, trainRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Slide = {
  subset: string;
  sealed: boolean;
  patches: number;
  auc: number | null;
  heatmapUrl: string | null;
};

const SLIDES =
  'slides(subset: VALIDATION) { subset sealed patches auc heatmapUrl slide { id key patient { key } } }';

let api: TestApi;
let bench: Bench;
let runs: [Run, Run];

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
  runs = [
    await finishRun(api.store, bench, { skill: 3 }),
    await finishRun(api.store, bench, { skill: 0, seed: 9 }),
  ];
});
afterAll(() => api.close());

describe('the slides of several runs', () => {
  it('are each run’s own', async () => {
    const training = await trainRun(api.store, bench);
    const list = async (id: string) =>
      (await api.ask<{ run: { slides: Slide[] } }>(`query ($id: ID!) { run(id: $id) { ${SLIDES} } }`, { id }))
        .run.slides;
    const alone = [await list(runs[0].id), await list(runs[1].id)];
    const { runs: page } = await api.ask<{ runs: { edges: { node: { id: string; slides: Slide[] } }[] } }>(
      `{ runs { edges { node { id ${SLIDES} } } } }`,
    );
    const together = new Map(page.edges.map(({ node }) => [node.id, node.slides]));
    expect(runs.map(({ id }) => together.get(id))).toEqual(alone);
    expect(alone[0]!.map(({ auc }) => auc)).not.toEqual(alone[1]!.map(({ auc }) => auc));
    expect(together.get(training.id)!.every(({ patches, heatmapUrl }) => patches === 0 && !heatmapUrl)).toBe(
      true,
    );
  });

  it('cost the same number of statements for one run as for many', async () => {
    const document = `query ($first: Int) { runs(first: $first) { edges { node { ${SLIDES} } } } }`;
    const one = await countStatements(api.store, () => api.ask(document, { first: 1 }));
    const many = await countStatements(api.store, () => api.ask(document, { first: 3 }));
    expect(many).toBe(one);
    expect(many).toBeLessThan(15);
  });

  it('of a run whose predictions are missing fail alone', async () => {
    const lost = await finishRun(api.store, bench, { skill: 1, seed: 11 });
    const { artifactHash } = await api.store.database.prisma.runArtifact.findUniqueOrThrow({
      where: { runId_role: { runId: lost.id, role: 'PREDICTIONS_VALIDATION' } },
    });
    await api.store.artifacts.delete(artifactHash, new Date());
    const response = await fetch(`${api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: `query ($a: ID!, $b: ID!) { sound: run(id: $a) { ${SLIDES} } lost: run(id: $b) { ${SLIDES} } }`,
        variables: { a: runs[0].id, b: lost.id },
      }),
    });
    const { data, errors } = (await response.json()) as {
      data: { sound: { slides: Slide[] } | null; lost: null };
      errors: { path: string[] }[];
    };
    expect(data.lost).toBeNull();
    expect(data.sound!.slides.length).toBeGreaterThan(0);
    expect(errors.map(({ path }) => path)).toEqual([['lost', 'slides']]);
  });
});
