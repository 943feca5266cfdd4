/** What is shown after many changes is what is true after the last of them, whatever was being loaded meanwhile. */
import { parse } from 'graphql';
import { describe, expect, it, vi } from 'vitest';
import { createCacheClient } from '../../apps/web/api/cache-client.ts';
import { reloadInTurn } from '../../apps/web/api/reload-in-turn.ts';

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
});
