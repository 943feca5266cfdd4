/** What the document of a page has asked before its scripts were there is taken once, and only by the same question. */
import { afterEach, expect, it, vi } from 'vitest';
import { fetchOrTake, nameQuestion } from '../../../apps/web/api/early-answers.ts';

const ask = (operationName: string, variables: object) =>
  fetchOrTake('http://127.0.0.1:1/graphql', {
    method: 'POST',
    body: JSON.stringify({ operationName, variables, query: 'query' }),
  }).then((response) => response.text());

function stubPage(atMs = Date.now()) {
  const key = nameQuestion('Run', { id: 'a', points: 500 });
  const early = { key, atMs, answer: Promise.resolve(new Response('early')) };
  vi.stubGlobal('window', { earlyAnswers: [early] });
  vi.stubGlobal('fetch', async () => new Response('asked'));
}

afterEach(() => vi.unstubAllGlobals());

it('is taken by the same question, once', async () => {
  stubPage();
  expect(await ask('Run', { id: 'b', points: 500 })).toBe('asked');
  expect(await ask('RunSeries', { id: 'a', points: 500 })).toBe('asked');
  // The client puts variables that have a default first.
  expect(await ask('Run', { points: 500, id: 'a' })).toBe('early');
  expect(await ask('Run', { points: 500, id: 'a' })).toBe('asked');
});

it('is not taken when it is old', async () => {
  stubPage(Date.now() - 60_000);
  expect(await ask('Run', { id: 'a', points: 500 })).toBe('asked');
});

it('is not needed', async () => {
  vi.stubGlobal('fetch', async () => new Response('asked'));
  expect(await ask('Run', { id: 'a', points: 500 })).toBe('asked');
});
