/** What is shown after many changes is what is true after the last of them, whatever was being loaded meanwhile. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'graphql';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createCacheClient, LEAVING } from '../../apps/web/api/cache-client.ts';
import { reloadInTurn } from '../../apps/web/api/reload-in-turn.ts';

const WEB = join(import.meta.dirname, '../../apps/web');

afterEach(() => {
  vi.unstubAllGlobals();
});

/** A client whose questions are answered when the test says so, in any order. */
function holdAnswers() {
  const asked: ((answer: object) => void)[] = [];
  const fetch = () => new Promise((resolve) => asked.push((answer) => resolve(Response.json(answer))));
  vi.stubGlobal('fetch', fetch);
  const client = createCacheClient({ apiUrl: 'http://127.0.0.1:1', live: null });
  return { client, asked, answer: (number: number, answer: object) => asked[number]!(answer) };
}

describe('what is loaded again', () => {
  it('is loaded once more after changes during a load, and no two loads overlap', async () => {
    let truth = 0;
    let shown = 0;
    let loads = 0;
    const gates: (() => void)[] = [];
    const reload = reloadInTurn(async () => {
      loads++;
      const asked = truth;
      await new Promise<void>((resolve) => gates.push(resolve));
      shown = asked;
    });
    truth = 1;
    reload();
    for (truth = 2; truth < 5; truth++) reload();
    expect(gates).toHaveLength(1);
    gates[0]!();
    await vi.waitFor(() => expect(gates).toHaveLength(2));
    gates[1]!();
    await vi.waitFor(() => expect(shown).toBe(truth));
    expect(loads).toBe(2);
  });

  it('is loaded again after a load that failed', async () => {
    const load = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue(1);
    const reload = reloadInTurn(load);
    reload();
    reload();
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  });

  it('is loaded again after a load that never ends', async () => {
    const load = vi
      .fn()
      .mockReturnValueOnce(new Promise(() => undefined))
      .mockResolvedValue(1);
    const reload = reloadInTurn(load, 20);
    reload();
    reload();
    expect(load).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(load).toHaveBeenCalledTimes(2));
  });

  it('is asked of the API each time, also while the same question is under way', async () => {
    const { client, asked, answer } = holdAnswers();
    const query = parse('query Name { name }');
    const ask = () => client.query({ query, fetchPolicy: 'network-only' });
    const both = Promise.all([ask(), ask()]);
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    for (const number of asked.keys()) answer(number, { data: { name: 'x' } });
    await both;
  });

  it('stays as it was answered last, whatever comes in later that was asked before', async () => {
    const { client, asked, answer } = holdAnswers();
    const query = parse('query Shown { shown }');
    const ask = () => client.query({ query, fetchPolicy: 'network-only' });
    const [before, after] = [ask(), ask()];
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    answer(1, { data: { shown: 'after the act' } });
    await after;
    answer(0, { data: { shown: 'before the act' } });
    await before;
    expect(client.readQuery({ query })).toEqual({ shown: 'after the act' });
    const later = ask();
    await vi.waitFor(() => expect(asked).toHaveLength(3));
    answer(2, { data: { shown: 'later' } });
    await later;
    expect(client.readQuery({ query })).toEqual({ shown: 'later' });
  });

  it('is not taken from a refusal, and no act is given the answer of another', async () => {
    const { client, asked, answer } = holdAnswers();
    const query = parse('query Shown { shown }');
    const ask = () => client.query({ query, fetchPolicy: 'network-only', errorPolicy: 'all' });
    const [first, refused] = [ask(), ask()];
    await vi.waitFor(() => expect(asked).toHaveLength(2));
    answer(1, { errors: [{ message: 'too many' }] });
    await refused;
    answer(0, { data: { shown: 'there' } });
    expect((await first).data).toEqual({ shown: 'there' });

    const act = () => client.mutate({ mutation: parse('mutation Act { act }'), refetchQueries: [] });
    const [one, other] = [act(), act()];
    await vi.waitFor(() => expect(asked).toHaveLength(4));
    answer(3, { data: { act: 'the second' } });
    await other;
    answer(2, { data: { act: 'the first' } });
    expect((await one).data).toEqual({ act: 'the first' });
  });
});

describe('an act', () => {
  const READ = parse('query Shown { shown }');
  const ACT = parse('mutation Act { act }');

  /** What the API was asked for by a page that shows something and acts, and what the page showed, until it shows `last`. */
  async function act(options: { refetchQueries?: [] }, last: number) {
    const asked: string[] = [];
    vi.stubGlobal('fetch', async (_url: string, { body }: { body: string }) => {
      const { operationName } = JSON.parse(body) as { operationName: string };
      asked.push(operationName);
      return Response.json({ data: operationName === 'Act' ? { act: true } : { shown: asked.length } });
    });
    const client = createCacheClient({ apiUrl: 'http://127.0.0.1:1', live: null });
    const shown: unknown[] = [];
    const page = client.watchQuery({ query: READ }).subscribe(({ data }) => shown.push(data));
    try {
      await vi.waitFor(() => expect(shown).toContainEqual({ shown: 1 }));
      await client.mutate({ mutation: ACT, ...options });
      await vi.waitFor(() => expect(shown.at(-1)).toEqual({ shown: last }));
      return asked;
    } finally {
      page.unsubscribe();
    }
  }

  it('has all that the page shows asked again, and shown as it is then', async () => {
    expect(await act({}, 3)).toEqual(['Shown', 'Act', 'Shown']);
  });

  it('that deletes what the page shows asks for nothing of it', async () => {
    expect(await act(LEAVING as { refetchQueries: [] }, 1)).toEqual(['Shown', 'Act']);
  });

  it('of every page is one of the two', async () => {
    const own: string[] = [];
    const left: string[] = [];
    let acts = 0;
    for await (const file of glob('**/*.{ts,tsx}', {
      cwd: WEB,
      exclude: (name) => /generated|node_modules|\.next/.test(name),
    })) {
      const text = await readFile(join(WEB, file), 'utf8');
      if (file !== join('api', 'cache-client.ts') && /refetchQueries:/.test(text)) own.push(file);
      for (const [, document, options] of text.matchAll(/useMutation\((\w+)(, \w+)?\)/g)) {
        acts++;
        if (options) left.push(document!);
      }
    }
    expect(acts).toBeGreaterThan(40);
    expect(own).toEqual([]);
    expect(left.toSorted()).toEqual([
      'DeleteDatasetDocument',
      'DeleteReportDocument',
      'DeleteRunDocument',
      'DeleteSplitDocument',
    ]);
  });
});
