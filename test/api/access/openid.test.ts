/** Signing in with a real OpenID provider: whom it vouches for, and what is refused. */
import { inviteAccount } from '@microtome/store/access/accounts';
import getPort from 'get-port';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../test-api.ts';
import { AUTH } from './access-bench.ts';
import { browse, CLIENT, type OpenIdProvider, startOpenIdProvider } from './openid-provider.ts';

const DASHBOARD = 'http://127.0.0.1:3000';
let api: TestApi;
let provider: OpenIdProvider;

beforeAll(async () => {
  const port = await getPort();
  provider = await startOpenIdProvider([`http://127.0.0.1:${port}/auth/oidc/callback`]);
  const oidc = { issuer: provider.issuer, ...CLIENT, name: 'The hospital' };
  api = await startTestApi({ port, auth: { ...AUTH, apiUrl: `http://127.0.0.1:${port}`, oidc } });
  await inviteAccount(api.store, { name: 'Ada', email: 'ada@ward.example', isOwner: false });
});
afterAll(async () => {
  await api.close();
  await provider.close();
});

const signIn = () => browse(`${api.url}/auth/oidc`, DASHBOARD);

it('lets in who was invited by the address that the provider vouches for', async () => {
  provider.person = { subject: 'ada-1', email: 'Ada@ward.example', isEmailVerified: true };
  const { url, cookies } = await signIn();
  expect(url).toBe(`${DASHBOARD}/`);
  const secret = cookies.get(`${new URL(api.url).host} microtome`);
  const answer = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie: `microtome=${secret}`, origin: DASHBOARD },
    body: JSON.stringify({ query: '{ me { account { name } isPerson } accessSettings { providerName } }' }),
  });
  expect(await answer.json()).toEqual({
    data: {
      me: { account: { name: 'Ada' }, isPerson: true },
      accessSettings: { providerName: 'The hospital' },
    },
  });
});

it('tells a page why it lets nobody else in', async () => {
  for (const person of [
    { subject: 'eve', email: 'eve@ward.example', isEmailVerified: true },
    // The provider does not know whether it is hers.
    { subject: 'mallory', email: 'ada@ward.example', isEmailVerified: false },
  ]) {
    provider.person = person;
    const { url, cookies } = await signIn();
    const page = new URL(url);
    expect(page.pathname).toBe('/sign-in');
    expect(page.searchParams.get('refused')).toBe(
      `'${person.email}' has no account here. Ask an owner for one.`,
    );
    expect(cookies.get(`${new URL(api.url).host} microtome`)).toBeUndefined();
  }
});

it('refuses a return that was not begun in this browser, or is another one', async () => {
  const begun = await fetch(`${api.url}/auth/oidc`, { redirect: 'manual' });
  const flow = begun.headers.getSetCookie()[0]!.split(';')[0]!;
  expect(begun.headers.getSetCookie()[0]).toMatch(/HttpOnly; SameSite=Lax$/);
  const state = new URL(begun.headers.get('location')!).searchParams.get('state');
  const back = async (query: string, headers: Record<string, string>) => {
    const answer = await fetch(`${api.url}/auth/oidc/callback?${query}`, { redirect: 'manual', headers });
    return new URL(answer.headers.get('location')!).searchParams.get('refused');
  };
  expect(await back(`code=x&state=${state}`, {})).toMatch('begun in another browser');
  expect(await back('code=x&state=forged', { cookie: flow })).toBe(
    'The hospital did not sign you in. Try again.',
  );
  expect(await back(`code=forged&state=${state}`, { cookie: flow })).toBe(
    'The hospital did not sign you in. Try again.',
  );
});
