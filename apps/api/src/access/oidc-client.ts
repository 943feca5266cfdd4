/**
 * Signing in with an OpenID provider: the code flow with PKCE, state and nonce, by openid-client. The provider is asked for its
 * addresses when the first person signs in, so that the API starts while it is away.
 */
import { AppError } from '@microtome/domain/app-error';
import * as oidc from 'openid-client';
import { z } from 'zod';
import type { OidcSettings } from './auth-settings.ts';

const SCOPES = 'openid email profile';

/** What the browser keeps until it comes back. */
const flowShape = z.object({ verifier: z.string(), state: z.string(), nonce: z.string() });
type Flow = z.infer<typeof flowShape>;

type Identity = { issuer: string; subject: string; email: string | null; isEmailVerified: boolean };

type OidcClient = {
  begin(): Promise<{ url: URL; flow: Flow }>;
  /** UNAUTHENTICATED when the provider refused, or what came back is not what was begun. */
  finish(callback: URL, flow: string | null): Promise<Identity>;
};

export function createOidcClient(settings: OidcSettings, callbackUrl: string): OidcClient {
  let discovered: Promise<oidc.Configuration> | null = null;
  const discover = () => {
    discovered ??= discoverProvider(settings).catch((error: unknown) => {
      discovered = null;
      throw error;
    });
    return discovered;
  };
  return {
    async begin() {
      const configuration = await discover();
      const flow = {
        verifier: oidc.randomPKCECodeVerifier(),
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
      };
      const url = oidc.buildAuthorizationUrl(configuration, {
        redirect_uri: callbackUrl,
        scope: SCOPES,
        state: flow.state,
        nonce: flow.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(flow.verifier),
        code_challenge_method: 'S256',
      });
      return { url, flow };
    },
    async finish(callback, kept) {
      const flow = readFlow(kept);
      const configuration = await discover();
      const tokens = await oidc
        .authorizationCodeGrant(configuration, callback, {
          pkceCodeVerifier: flow.verifier,
          expectedState: flow.state,
          expectedNonce: flow.nonce,
        })
        .catch((error: unknown) => {
          throw new AppError('UNAUTHENTICATED', `${settings.name} did not sign you in. Try again.`, {
            cause: error,
          });
        });
      const claims = tokens.claims();
      if (!claims) throw new AppError('UNAUTHENTICATED', `${settings.name} did not say who you are.`);
      const details = await oidc
        .fetchUserInfo(configuration, tokens.access_token, claims.sub)
        .catch(() => null);
      const { email, email_verified: isVerified } = { ...details, ...claims };
      return {
        issuer: claims.iss,
        subject: claims.sub,
        email: typeof email === 'string' ? email : null,
        isEmailVerified: isVerified === true,
      };
    },
  };
}

async function discoverProvider({
  issuer,
  clientId,
  clientSecret,
  name,
}: OidcSettings): Promise<oidc.Configuration> {
  const url = new URL(issuer);
  // Without HTTPS only on this machine: for trying it out.
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const execute = url.protocol === 'http:' && isLocal ? [oidc.allowInsecureRequests] : [];
  return oidc.discovery(url, clientId, clientSecret, undefined, { execute }).catch((error: unknown) => {
    throw new AppError('UNAVAILABLE', `${name} at ${issuer} does not answer as an OpenID provider.`, {
      cause: error,
    });
  });
}

function readFlow(kept: string | null): Flow {
  try {
    return flowShape.parse(JSON.parse(Buffer.from(kept ?? '', 'base64url').toString('utf8')));
  } catch {
    throw new AppError(
      'UNAUTHENTICATED',
      'This sign-in was begun in another browser or long ago. Begin again.',
    );
  }
}
