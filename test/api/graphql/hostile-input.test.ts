import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

const NESTED =
  '{ experiments { edges { node { runs { edges { node { experiment { id unsafeRunCount } } } } } } } }';
const NOWHERE = '00000000-0000-4000-8000-000000000000';

describe('text that no column can hold', () => {
  it.each([
    [
      'an argument',
      '{ runs(filter: { search: "a\\u0000b" }) { totalCount } }',
      {},
      /'search' in 'filter' of 'runs' holds the character U\+0000 at 1/,
    ],
    [
      'a variable',
      'query ($s: String) { runs(filter: { tag: $s }) { totalCount } }',
      { s: 'x\ud800' },
      /'tag' in 'filter' of 'runs' holds half of a character/,
    ],
    [
      'an id',
      'query ($id: ID!) { run(id: $id) { id } }',
      { id: '\0' },
      /'id' of 'run' holds the character U\+0000/,
    ],
    [
      'JSON',
      'mutation ($h: JSON!) { launchRun(input: { experimentId: "x", splitId: "x", hyperparameters: $h }) { id } }',
      { h: { a: [{ b: '\0' }] } },
      /'hyperparameters.a.0.b' in 'input' of 'launchRun'/,
    ],
    [
      'a name within JSON',
      'query ($h: JSON!) { countNetwork(hyperparameters: $h, patchSizePx: 50) { parameters } }',
      { h: { 'a\0': 1 } },
      /A name in 'hyperparameters' of 'countNetwork'/,
    ],
    [
      'a list below a list',
      '{ datasets { edges { node { patients(after: "\\u0000") { totalCount } } } } }',
      {},
      /'after' of 'patients' holds/,
    ],
  ])('is refused in %s by a sentence that names it', async (_where, query, variables, message) => {
    const failure = await api.fail(query, variables);
    expect(failure).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
  });

  it('is refused over a WebSocket too', async () => {
    const following = api.follow('subscription { runEvents(runId: "\\u0000") { __typename } }').next();
    const refusal: unknown = await following.catch((error: unknown) => error);
    expect(JSON.stringify(refusal)).toMatch(/BAD_INPUT.*U\+0000|U\+0000.*BAD_INPUT/);
  });

  it('is refused where JSON is deeper than anything asked for', async () => {
    const deep = JSON.parse('['.repeat(500) + ']'.repeat(500));
    const query = 'query ($h: JSON!) { countNetwork(hyperparameters: $h, patchSizePx: 50) { parameters } }';
    expect((await api.fail(query, { h: deep })).message).toMatch(/nested deeper than 16 levels/);
  });
});

describe('a cursor', () => {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  it.each([
    '',
    'x',
    NOWHERE,
    encode('GPC:S:x'),
    encode('GPC:N:1'),
    encode(`GPC:S:${NOWHERE}\n`),
    encode('GPC:D:99999999999999'),
    encode('GPC:Z:'),
    encode(`GPC:T:["S:${NOWHERE}"]`),
    encode(`GPC:T:["S:${NOWHERE}","N:1e99"]`),
    encode('GPC:J:{"id":{"not":null}}'),
    `${encode(`GPC:S:${NOWHERE}`)}=`,
  ])('that no list gave is refused: %j', async (after) => {
    for (const list of ['runs', 'datasets', 'splits', 'experiments', 'models', 'sweeps']) {
      const failure = await api.fail(`query ($after: String) { ${list}(after: $after) { totalCount } }`, {
        after,
      });
      expect(failure).toEqual({
        code: 'BAD_INPUT',
        message: expect.stringMatching(
          new RegExp(
            `^'after' of '${list}' is '.{0,61}', which is not a cursor of this list: pass one that the list gave.$`,
          ),
        ),
      });
    }
  });
});

describe('an operation whose client has left', () => {
  it('ends at once, while the database still holds its first statement', async () => {
    const blocker = await api.store.database.pool.connect();
    await blocker.query('begin');
    await blocker.query('lock table experiment in access exclusive mode');
    const asked = once(api.store.database.pool, 'acquire');
    const gone = new AbortController();
    const sent = request({
      host: '127.0.0.1',
      port: api.port,
      path: '/graphql',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      signal: gone.signal,
    });
    sent.on('error', () => undefined);
    sent.end(JSON.stringify({ query: NESTED }));
    await asked;
    gone.abort();
    const wasStopped = () =>
      api.logged.some(({ msg, failures }) => msg === 'operation' && String(failures) === 'The client left.');
    await expect.poll(wasStopped).toBe(true);
    await blocker.query('rollback');
    blocker.release();
  });
});
