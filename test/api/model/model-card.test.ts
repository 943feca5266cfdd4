/** The card of a version as page, Markdown and PDF: made from what is stored, with TEST sealed until it is opened. */
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { createSplit } from '@microtome/store/split/create-split';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bench, createBench, finishRun } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Block = {
  kind: string;
  text: string | null;
  items: string[];
  rows: { cells: { text: string }[] }[];
  points: object[];
};
type Card = { title: string; identity: string; blocks: Block[] };

const CARD = `query ($id: ID!) { model(id: $id) { version(number: 1) { cardUrl
  card { title identity asOf blocks { kind text items note columns { header } rows { cells { text bold } } points { count } } } } } }`;

let api: TestApi;
let bench: Bench;

beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('a model card', () => {
  it('tells where the version comes from and how well it does, and keeps TEST sealed', async () => {
    const run = await finishRun(api.store, bench, { skill: 4 });
    const modelId = await registerAs('sealed', run.id);
    const card = await readCard(modelId);
    expect(card.title).toBe('sealed, version 1');
    expect(headingsOf(card)).toEqual([
      'Intended use',
      'Model',
      'Data',
      'Split',
      'Hyperparameters',
      'Metrics',
      'Calibration',
      'With neighbours',
      'Subgroups',
      'On other patients',
      'Limits',
      'Openings of TEST',
      'Gate and promotions',
      'How to reproduce it',
      'Files',
    ]);
    const inContext = card.blocks.find(
      ({ text }) => text?.includes('same slide') || text?.startsWith('Off:'),
    );
    expect(inContext?.text).toMatch(/Chosen on VALIDATION.* patches of VALIDATION/);
    const markdown = await readMarkdown(modelId);
    expect(markdown).toContain('group = folder id; identity across folders cannot be verified');
    expect(markdown).toContain(bench.split.digest);
    expect(markdown).toContain('npm run reproduce -- --model sealed@1');
    const auc = card.blocks
      .flatMap(({ rows }) => rows)
      .find(({ cells }) => cells[0]?.text.startsWith('ROC AUC'));
    expect(auc?.cells.map(({ text }) => text)).toEqual([
      'ROC AUC of IDC',
      expect.stringMatching(/^\d\.\d{3} \(/),
      'sealed',
    ]);
    expect(markdown).toContain('TEST of this split has not been opened');
    for (const key of await listTestPatients()) expect(markdown).not.toContain(key);
  });

  it('shows TEST once it is opened, with who looked, its calibration, its subgroups and its patients', async () => {
    const run = await finishRun(api.store, bench, { skill: 4, seed: 2 });
    const modelId = await registerAs('opened', run.id);
    await openTest(api.store, { runId: run.id, reason: 'The | finalist.', openedBy: 'R. *Reviewer*' });
    await api.ask('mutation ($input: UpdateModelInput!) { updateModel(input: $input) { id } }', {
      input: { modelId, intendedUse: 'Research.\n\n# Not for <b>patients</b> | never' },
    });
    const card = await readCard(modelId);
    expect(card.blocks.find(({ kind }) => kind === 'reliability')?.points.length).toBeGreaterThan(1);
    const markdown = await readMarkdown(modelId);
    for (const key of await listTestPatients()) expect(markdown).toContain(`| ${key} |`);
    expect(markdown).toContain('R. \\*Reviewer\\* | The \\| finalist.');
    expect(markdown).toContain('\\# Not for &lt;b&gt;patients&lt;/b&gt; \\| never');
    expect(markdown).not.toContain('sealed');
  });

  it('is a PDF that stays the same while nothing happens, and is told from none', async () => {
    const { model } = await api.ask<{ model: { id: string } }>('query { model(name: "opened") { id } }');
    const first = await fetch(`${api.url}/models/${model.id}/versions/1/card.pdf`);
    expect(first.headers.get('content-type')).toBe('application/pdf');
    const bytes = Buffer.from(await first.arrayBuffer());
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-');
    const again = await fetch(`${api.url}/models/${model.id}/versions/1/card.pdf`);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(Buffer.from(await again.arrayBuffer()).equals(bytes)).toBe(true);
    for (const number of ['2', '0', 'one', '1.5'])
      expect((await fetch(`${api.url}/models/${model.id}/versions/${number}/card.md`)).status).toBe(404);
  });

  it('of a run on an unsafe split begins with that', async () => {
    const [split] = await createSplit(api.store, {
      datasetId: bench.dataset.datasetId,
      strategy: 'RANDOM_PATCH',
      seed: 1,
    });
    const run = await finishRun(api.store, { ...bench, split: split! }, { skill: 8 });
    const modelId = await registerAs('leaking', run.id);
    const [first] = (await readCard(modelId)).blocks;
    expect(first).toMatchObject({ kind: 'notice', text: expect.stringContaining('UNSAFE') });
    expect(await readMarkdown(modelId)).toContain('> **UNSAFE: test data seen in training**');
  });
});

async function registerAs(name: string, runId: string): Promise<string> {
  const { id: modelId } = await createModel(api.store, { name });
  await registerModelVersion(api.store, { modelId, runId });
  return modelId;
}

async function readCard(id: string): Promise<Card> {
  return (await api.ask<{ model: { version: { card: Card } } }>(CARD, { id })).model.version.card;
}

async function readMarkdown(modelId: string): Promise<string> {
  const answer = await fetch(`${api.url}/models/${modelId}/versions/1/card.md`);
  expect(answer.status).toBe(200);
  return answer.text();
}

function headingsOf({ blocks }: Card): (string | null)[] {
  return blocks.filter(({ kind }) => kind === 'heading').map(({ text }) => text);
}

async function listTestPatients(): Promise<string[]> {
  const rows = await api.store.database.prisma.splitPatient.findMany({
    where: { splitId: bench.split.id, subset: 'TEST' },
    include: { patient: { include: { patient: true } } },
  });
  return rows.map(({ patient }) => patient.patient.key);
}
