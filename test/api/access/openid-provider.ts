/** A real OpenID provider on loopback (oidc-provider): one client, accounts that it signs in without a word, and a browser for its pages. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Provider } from 'oidc-provider';

export type Person = { subject: string; email: string; isEmailVerified: boolean };

export type OpenIdProvider = {
  issuer: string;
  /** Who signs in next. */
  person: Person;
  close(): Promise<void>;
};

export const CLIENT = { clientId: 'microtome', clientSecret: 'a secret of the two servers alone' };

export async function startOpenIdProvider(callbackUrls: string[]): Promise<OpenIdProvider> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = {
    issuer,
    person: { subject: 'nobody', email: '', isEmailVerified: false },
    close: () => close(server),
  };
  const provider = new Provider(issuer, {
    clients: [
      { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret, redirect_uris: callbackUrls },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    features: { devInteractions: { enabled: false } },
    pkce: { required: () => true },
    findAccount: (_context, subject) => ({
      accountId: subject,
      claims: () => ({
        sub: subject,
        email: running.person.email,
        email_verified: running.person.isEmailVerified,
      }),
    }),
    interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  });
  const answer = provider.callback();
  server.on('request', async (request, response) => {
    if (!request.url?.startsWith('/interaction/')) {
      await answer(request, response);
      return;
    }
    // The provider's page: the person is known, and agrees.
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      const result = { login: { accountId: running.person.subject } };
      await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
      return;
    }
    const grant = new provider.Grant({ accountId: session!.accountId, clientId: String(params.client_id) });
    grant.addOIDCScope('openid email profile');
    const result = { consent: { grantId: await grant.save() } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  });
  return running;
}

async function close(server: Server): Promise<void> {
  server.close();
  server.closeAllConnections();
  await once(server, 'close').catch(() => undefined);
}

/** Follows redirects as a browser does, with the cookies of each server, until an address begins with `until`. */
export async function browse(
  start: string,
  until: string,
): Promise<{ url: string; cookies: Map<string, string> }> {
  const cookies = new Map<string, string>();
  let url = start;
  for (let step = 0; step < 20 && !url.startsWith(until); step++) {
    const place = new URL(url).host;
    const own = [...cookies].filter(([name]) => name.startsWith(`${place} `));
    const cookie = own.map(([name, value]) => `${name.slice(place.length + 1)}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      cookies.set(`${place} ${pair.slice(0, at)}`, pair.slice(at + 1));
    }
    const next = response.headers.get('location');
    if (!next) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
    url = new URL(next, url).href;
  }
  return { url, cookies };
}
