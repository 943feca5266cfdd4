/** What is shown after many changes is what is true after the last of them, whatever was being loaded meanwhile. */
import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createCacheClient, LEAVING } from '../../apps/web/api/cache-client.ts';
import { reloadInTurn } from '../../apps/web/api/reload-in-turn.ts';

const WEB = join(import.meta.dirname, '../../apps/web');

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
    const asked: (() => void)[] = [];
    const answer = () => Response.json({ data: { name: 'x' } });
    vi.stubGlobal('fetch', () => new Promise((resolve) => asked.push(() => resolve(answer()))));
    try {
      const client = createCacheClient({ apiUrl: 'http://127.0.0.1:1', live: null });
      const query = parse('query Name { name }');
      const ask = () => client.query({ query, fetchPolicy: 'network-only' });
      const both = Promise.all([ask(), ask()]);
      await vi.waitFor(() => expect(asked).toHaveLength(2));
      for (const release of asked) release();
      await both;
    } finally {
      vi.unstubAllGlobals();
    }
  });

  it('stays as it was answered last, whatever comes in later that was asked before', async () => {
    const asked: ((shown: string) => void)[] = [];
    const answer = (shown: string) => Response.json({ data: { shown } });
    vi.stubGlobal('fetch', () => new Promise((resolve) => asked.push((shown) => resolve(answer(shown)))));
    const client = createCacheClient({ apiUrl: 'http://127.0.0.1:1', live: null });
    const query = parse('query Shown { shown }');
    const ask = () => client.query({ query, fetchPolicy: 'network-only' });
    try {
      const [before, after] = [ask(), ask()];
      await vi.waitFor(() => expect(asked).toHaveLength(2));
      asked[1]!('after the act');
      await after;
      asked[0]!('before the act');
      await before;
      expect(client.readQuery({ query })).toEqual({ shown: 'after the act' });
      const later = ask();
      await vi.waitFor(() => expect(asked).toHaveLength(3));
      asked[2]!('later');
      await later;
      expect(client.readQuery({ query })).toEqual({ shown: 'later' });
    } finally {
      vi.unstubAllGlobals();
    }
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
      vi.unstubAllGlobals();
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
