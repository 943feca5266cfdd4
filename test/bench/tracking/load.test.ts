/** The times of a load are those of the servers: what is looked at of each answer, what of one in twenty, and when. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { type Request, runLoad } from './load.ts';

const WHOLE = JSON.stringify({ runs: Array.from({ length: 40 }, (_, at) => ({ id: at })) });
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** Answers the first requests with WHOLE, and those from `since` on with `later`. */
async function serve({ since, later }: { since: number; later: string } = { since: 0, later: WHOLE }) {
  let answered = 0;
  const server = createServer((_request, response) => {
    answered += 1;
    response.end(answered > since ? later : WHOLE);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(() => server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, countAnswered: () => answered };
}

function ask(url: string, check: Request['check']): Request {
  return { write: () => ({ method: 'GET', url }), check };
}

const readWhole = (text: string) => {
  if (JSON.parse(text).runs.length !== 40) throw new Error('Runs are missing.');
};

describe('a load', () => {
  it('reads the first answer, and one in twenty when all have come', async () => {
    const { url, countAnswered } = await serve();
    const readAt: number[] = [];
    const check = () => void readAt.push(countAnswered());
    await runLoad({ clients: 45, seconds: 0 }, ask(url, check));
    expect(countAnswered()).toBe(46);
    expect(readAt).toEqual([1, 46, 46]);
  });

  it('reads every answer where its clients are to read', async () => {
    const { url, countAnswered } = await serve();
    let read = 0;
    await runLoad(
      { clients: 30, seconds: 0, readsAll: true },
      ask(url, () => void read++),
    );
    expect(read).toBe(31);
    expect(countAnswered()).toBe(31);
  });

  it.each([
    ['begins otherwise', `{"errors":[{"message":"${'x'.repeat(WHOLE.length)}"}]}`],
    ['is cut', WHOLE.slice(0, WHOLE.length / 2)],
    ['is empty', ''],
  ])('ends with an answer that %s', async (_what, later) => {
    const { url } = await serve({ since: 3, later });
    await expect(runLoad({ clients: 1, seconds: 60 }, ask(url, readWhole))).rejects.toThrow(
      'none like the first',
    );
  });

  it('finds at its end what only a reader sees', async () => {
    const later = WHOLE.replace('{"id":0},', '         ');
    expect(later).toHaveLength(WHOLE.length);
    const { url } = await serve({ since: 1, later });
    await expect(runLoad({ clients: 25, seconds: 0 }, ask(url, readWhole))).rejects.toThrow(
      'Runs are missing.',
    );
  });

  it('ends with an answer that breaks off', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': WHOLE.length });
      response.write(WHOLE.slice(0, 100), () => response.destroy());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    closing.push(() => server.close());
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    await expect(runLoad({ clients: 1, seconds: 60 }, ask(url, readWhole))).rejects.toThrow('aborted');
  });
});
