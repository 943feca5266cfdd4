/** Who arranges the charts of an experiment: members who may record; who only reads sees them, and strangers nothing. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';

const READ = `query ($id: ID!) { experiment(id: $id) { chartArrangement {
  version mayChange changedBy folded panels { key title names pattern isLog isHidden } } } }`;
const ARRANGE = `mutation ($input: ArrangeChartsInput!) { arrangeCharts(input: $input) { id } }`;

let bench: AccessBench;
beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

const panel = { key: 'added-1', title: 'Losses', pattern: 'loss$', isLog: true, isHidden: false };

function arrange(who: Who, version: number, panels: object[] = [panel]) {
  const input = {
    experimentId: bench.mine.experiment,
    version,
    panels,
    folded: ['MAIN'],
    changedBy: 'Mallory',
  };
  return bench.ask(who, ARRANGE, { input });
}

type Shown = { experiment: { chartArrangement: Record<string, unknown> } | null };

async function read(who: Who) {
  const answer: { data?: unknown } = await bench.ask(who, READ, { id: bench.mine.experiment });
  return (answer.data as Shown).experiment?.chartArrangement;
}

it('is up to those who may record, by the name of their account, one after the other', async () => {
  expect(await read('VIEWER')).toMatchObject({
    version: 0,
    mayChange: false,
    folded: ['FURTHER', 'MACHINE'],
    panels: [],
  });
  expect((await arrange('VIEWER', 0)).errors?.[0]).toMatchObject({ extensions: { code: 'FORBIDDEN' } });
  expect((await arrange('FOREIGNER', 0)).errors?.[0]).toMatchObject({ extensions: { code: 'NOT_FOUND' } });
  expect((await arrange('RESEARCHER', 0)).errors).toBeUndefined();
  const late = await arrange('RESEARCHER', 0);
  expect(late.errors?.[0]).toMatchObject({
    extensions: { code: 'CONFLICT' },
    message: expect.stringContaining('meanwhile'),
  });
  const refused = await arrange('RESEARCHER', 1, [{ ...panel, pattern: '(a+)+' }]);
  expect(refused.errors?.[0]?.message).toContain("'(a+)+' repeats a group that repeats or chooses");
  const kept = await read('RESEARCHER');
  expect(kept).toMatchObject({
    version: 1,
    mayChange: true,
    folded: ['MAIN'],
    panels: [{ ...panel, names: [] }],
  });
  expect(kept?.changedBy).not.toBe('Mallory');
  expect(await read('FOREIGNER')).toBeUndefined();
});
