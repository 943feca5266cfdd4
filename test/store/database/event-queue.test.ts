import { createEventQueue } from '@microtome/store/database/event-queue';
import { describe, expect, it } from 'vitest';

describe('an event queue', () => {
  it('gives each key once, in the order of its first coming, while the reader is busy', async () => {
    const queue = createEventQueue<string>();
    for (const key of ['a', 'b', 'a', 'c']) queue.push(key);
    const reader = queue.read(new AbortController().signal);
    const read = async () => (await reader.next()).value;
    expect([await read(), await read(), await read()]).toEqual(['a', 'b', 'c']);
    const waiting = read();
    queue.push('a');
    expect(await waiting).toBe('a');
  });

  it('ends a waiting reader when its signal aborts', async () => {
    const queue = createEventQueue<string>();
    const controller = new AbortController();
    const waiting = queue.read(controller.signal).next();
    controller.abort();
    expect(await waiting).toEqual({ done: true, value: undefined });
  });
});
