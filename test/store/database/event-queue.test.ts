import { createEventQueue } from '@microtome/store/database/event-queue';
import { describe, expect, it } from 'vitest';

describe('an event queue', () => {
  it('gives each key once with its newest value, in the order of its first coming, while the reader is busy', async () => {
    const queue = createEventQueue<string, string>();
    for (const [at, key] of ['a', 'b', 'a', 'c'].entries()) queue.push(key, `${key}${at}`);
    const reader = queue.read(new AbortController().signal);
    const read = async () => (await reader.next()).value;
    expect([await read(), await read(), await read()]).toEqual(['a2', 'b1', 'c3']);
    const waiting = read();
    queue.push('a', 'a4');
    expect(await waiting).toBe('a4');
  });

  it('ends a waiting reader when its signal aborts', async () => {
    const queue = createEventQueue<string, string>();
    const controller = new AbortController();
    const waiting = queue.read(controller.signal).next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });

  it('fails the reading when more waits than its limit, and holds nothing any more', async () => {
    const queue = createEventQueue<number, number>({ limit: 3, onFull: () => new Error('full') });
    for (const key of [1, 2, 3, 4, 5]) queue.push(key, key);
    await expect(queue.read(new AbortController().signal).next()).rejects.toThrow('full');
  });
});
