/** Signing in over HTTP: cookies and their flags, forged requests, tokens and their rates, and acts that carry the account. */
import { inviteAccount, updateAccount } from '@microtome/store/access/accounts';
import { setProjectMember } from '@microtome/store/access/projects';
import { createToken, revokeToken } from '@microtome/store/access/tokens';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEnv } from '../../../apps/api/src/env.ts';
import { startTestApi } from '../test-api.ts';
import { type AccessBench, AUTH, startAccessBench } from './access-bench.ts';

const PAGE = 'http://127.0.0.1:3000';
let bench: AccessBench;
beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

const post = (path: string, body: object, headers: Record<string, string> = {}) =>
  fetch(bench.api.url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: PAGE, ...headers },
    body: JSON.stringify(body),
  });

async function invite(name: string): Promise<{ id: string; email: string; link: string }> {
  const email = `${name}@ward.example`;
  const { account, secret } = await inviteAccount(bench.api.store, { name, email, isOwner: false });
  await setProjectMember(bench.api.store, { projectId: bench.mine.project, email, role: 'REVIEWER' });
  return { id: account.id, email, link: secret };
}

const readCookie = (answer: Response) => answer.headers.getSetCookie()[0] ?? '';

describe('a session', () => {
  it('is a cookie that no script reads and no other site sends', async () => {
    const { link } = await invite('cookie');
    const answer = await post('/auth/link', { link });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toEqual({ name: 'cookie' });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(readCookie(answer)).toMatch(
      /^microtome=mts_[\w-]{43}; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    expect((await post('/auth/link', { link })).status).toBe(401);
  });

  it('goes by HTTPS alone where the server is reached so', async () => {
    const api = await startTestApi({ auth: { ...AUTH, apiUrl: 'https://lab.example', isSecure: true } });
    try {
      const invited = { name: 'far', email: 'far@ward.example', isOwner: false };
      const { secret } = await inviteAccount(api.store, invited);
      const answer = await fetch(`${api.url}/auth/link`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link: secret }),
      });
      expect(readCookie(answer)).toMatch(/^__Host-microtome=.*; HttpOnly; Secure; SameSite=Lax$/);
    } finally {
      await api.close();
    }
  });

  it('changes something only for a page that is known, and ends when it is signed out', async () => {
    const { link } = await invite('forger');
    const cookie = readCookie(await post('/auth/link', { link })).split(';')[0]!;
    const rename = { query: 'mutation { updateMe(name: "renamed") { name } }' };
    const ask = (headers: Record<string, string>) =>
      fetch(`${bench.api.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie, ...headers },
        body: JSON.stringify(rename),
      });
    expect((await ask({})).status).toBe(403);
    expect((await ask({ origin: 'https://evil.example' })).status).toBe(403);
    expect(await (await ask({ origin: PAGE })).json()).toEqual({ data: { updateMe: { name: 'renamed' } } });
    const plain = await fetch(`${bench.api.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', cookie, origin: PAGE },
      body: JSON.stringify(rename),
    });
    expect(plain.status).toBe(400);
    expect((await post('/auth/sign-out', {}, { cookie })).status).toBe(204);
    const after = (await (await ask({ origin: PAGE })).json()) as { errors: { extensions: object }[] };
    expect(after.errors[0]!.extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });

  it('is opened by a password too, unless this server takes none', async () => {
    const { id, email } = await invite('typist');
    await updateAccount(bench.api.store, {
      accountId: id,
      password: 'correct horse battery',
      keptSession: '',
    });
    const wrong = await post('/auth/password', { email, password: 'incorrect' });
    expect(wrong.status).toBe(401);
    expect(wrong.headers.getSetCookie()).toEqual([]);
    expect((await post('/auth/password', { email, password: 'correct horse battery' })).status).toBe(200);
    expect((await post('/auth/password', { email: [email] })).status).toBe(400);
  });
});

describe('a token', () => {
  it('is made by a person and never by a token, and shown once', async () => {
    const create =
      'mutation { createToken(name: "ci", scopes: [READ]) { secret token { hint scopes usedAt } } }';
    const refused = await bench.ask('OWNER', create);
    expect(refused.errors?.[0]).toMatchObject({ message: 'A token may not do this: sign in as a person.' });
    const { link } = await invite('maker');
    const cookie = readCookie(await post('/auth/link', { link })).split(';')[0]!;
    const answer = (await (await post('/graphql', { query: create }, { cookie })).json()) as {
      data: { createToken: { secret: string; token: object } };
    };
    const { secret, token } = answer.data.createToken;
    expect(token).toEqual({ hint: secret.slice(0, 8), scopes: ['READ'], usedAt: null });
    const bearer = { authorization: `Bearer ${secret}` };
    expect((await bench.api.get(`/splits/${bench.mine.split}/list.csv`, bearer)).status).toBe(200);
    const open = { query: `mutation { openTest(runId: "${bench.mine.run}", reason: "x") { id } }` };
    const told = (await (await post('/graphql', open, bearer)).json()) as { errors: { message: string }[] };
    expect(told.errors[0]!.message).toBe('This token lacks the scope JUDGE.');
  });

  it('that is wrong is not overlooked in favour of a cookie', async () => {
    const { link } = await invite('both');
    const cookie = readCookie(await post('/auth/link', { link })).split(';')[0]!;
    const path = `/splits/${bench.mine.split}/list.csv`;
    expect((await bench.api.get(path, { cookie })).status).toBe(200);
    expect((await bench.api.get(path, { cookie, authorization: 'Bearer mt_wrong' })).status).toBe(401);
  });

  it('tells when it was last used, and opens nothing once it is revoked or out of date', async () => {
    const { id: accountId } = await invite('leaver');
    const { prisma } = bench.api.store.database;
    const path = `/splits/${bench.mine.split}/list.csv`;
    const make = () =>
      createToken(bench.api.store, { accountId, name: 'ci', scopes: ['READ'], projectId: null, days: 1 });
    const look = async (secret: string) => {
      const bearer = { authorization: `Bearer ${secret}` };
      const asked = await post('/graphql', { query: '{ projects { name } }' }, bearer);
      const { errors } = (await asked.json()) as { errors?: { extensions: { code: string } }[] };
      return [(await bench.api.get(path, bearer)).status, errors?.[0]?.extensions.code];
    };
    const [revoked, late] = [await make(), await make()];
    const began = new Date();
    for (const { token, secret } of [revoked, late]) {
      expect(token.usedAt).toBeNull();
      expect(await look(secret)).toEqual([200, undefined]);
      const { usedAt } = await prisma.accessToken.findUniqueOrThrow({ where: { id: token.id } });
      expect(usedAt!.getTime()).toBeGreaterThanOrEqual(began.getTime());
    }
    await revokeToken(bench.api.store, { accountId, tokenId: revoked.token.id });
    const past = `update access_token set expires_at = now() - interval '1 second' where id = $1`;
    await bench.api.store.database.pool.query(past, [late.token.id]);
    for (const { secret } of [revoked, late]) expect(await look(secret)).toEqual([401, 'UNAUTHENTICATED']);
  });

  it('may ask so many times a minute', async () => {
    const slow = await startAccessBench({ requestsPerMinute: 20 });
    try {
      const answers = [];
      for (let asked = 0; asked < 25; asked++) answers.push(await slow.get('VIEWER', '/artifacts/none'));
      expect(answers.slice(0, 20).every(({ status }) => status === 404)).toBe(true);
      expect(answers.at(-1)!.status).toBe(429);
      expect(answers.at(-1)!.headers.get('retry-after')).toMatch(/^[1-9]$/);
      expect((await slow.get('OWNER', '/artifacts/none')).status).toBe(404);
    } finally {
      await slow.close();
    }
  });
});

describe('an act', () => {
  it('carries the account, whatever name is typed', async () => {
    const { data } = await bench.ask(
      'REVIEWER',
      'mutation ($run: ID!) { openTest(runId: $run, reason: "the end", openedBy: "somebody else") { testOpening { openedBy } } }',
      { run: bench.mine.run },
    );
    expect(data).toEqual({ openTest: { testOpening: { openedBy: 'reviewer' } } });
  });
});

describe('files', () => {
  it('are kept by the browser alone', async () => {
    const answer = await bench.get('VIEWER', `/artifacts/${bench.mine.artifact}`);
    expect(answer.headers.get('cache-control')).toMatch(/^private/);
    expect(answer.headers.get('vary')).toContain('Cookie');
    await answer.body?.cancel();
  });
});

describe('guessing a password', () => {
  it('ends with a sentence, which the right one is told too', async () => {
    const { id: accountId, email } = await invite('guessed');
    const password = 'correct horse battery';
    await updateAccount(bench.api.store, { accountId, password, keptSession: '' });
    const statuses = [];
    for (let tried = 0; tried < 11; tried++) {
      statuses.push((await post('/auth/password', { email, password: `wrong ${tried}` })).status);
    }
    expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    const right = await post('/auth/password', { email, password });
    expect(right.status).toBe(429);
    const waitS = Number(right.headers.get('retry-after'));
    expect(waitS).toBeGreaterThan(14 * 60);
    expect(waitS).toBeLessThanOrEqual(15 * 60);
    expect(right.headers.getSetCookie()).toEqual([]);
    expect(await right.text()).toContain('TOO_MANY_REQUESTS');
  });
});

describe('the environment', () => {
  const env = { DATABASE_URL: 'postgresql://127.0.0.1/none' };
  const places = { PUBLIC_API_URL: 'https://api.lab.example/', DASHBOARD_URL: 'https://lab.example' };

  it('that opens the server to others without sign-in is refused', () => {
    expect(readEnv(env).auth).toBeNull();
    expect(readEnv({ ...env, API_HOST: '127.0.0.2' }).auth).toBeNull();
    for (const API_HOST of ['0.0.0.0', '::', '192.168.0.7', 'lab.example']) {
      expect(() => readEnv({ ...env, API_HOST })).toThrow('Set AUTH=on');
      expect(() => readEnv({ ...env, API_HOST, AUTH: 'on' })).toThrow('say where browsers reach');
      expect(readEnv({ ...env, ...places, API_HOST, AUTH: 'on' }).auth).not.toBeNull();
    }
    expect(readEnv({ ...env, API_HOST: '0.0.0.0', AUTH: 'off-in-container' }).auth).toBeNull();
  });

  it('names the public addresses, which may call and be called', () => {
    const { auth, allowedHosts, allowedOrigins } = readEnv({
      ...env,
      ...places,
      AUTH: 'on',
    });
    expect(auth).toMatchObject({ apiUrl: 'https://api.lab.example', isSecure: true });
    expect([allowedHosts, allowedOrigins]).toEqual([['api.lab.example'], ['https://lab.example']]);
    expect(() => readEnv({ ...env, AUTH: 'on', OIDC_ISSUER: 'https://id.example' })).toThrow(
      'given together',
    );
  });
});
