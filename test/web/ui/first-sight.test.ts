/** What a page will only want later waits until it has shown itself, and comes then. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

describe('what comes after the first sight', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    vi.resetModules();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  async function open() {
    const page = await import('../../../apps/web/ui/first-sight.ts');
    const work = vi.fn();
    return { ...page, work, leave: page.afterFirstSight(work) };
  }

  it('waits for it, and then for nothing else to do', async () => {
    const { work, tellShown } = await open();
    await vi.advanceTimersByTimeAsync(2_900);
    expect(work).not.toHaveBeenCalled();
    tellShown();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(work).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(work).toHaveBeenCalledOnce();
  });

  it('comes on a page that never tells', async () => {
    const { work } = await open();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(work).toHaveBeenCalledOnce();
  });

  it('does not come once it is left', async () => {
    for (const tells of [true, false]) {
      vi.resetModules();
      const { work, leave, tellShown } = await open();
      if (tells) tellShown();
      await vi.advanceTimersByTimeAsync(100);
      leave();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(work).not.toHaveBeenCalled();
    }
  });
});
