/**
 * Signing in and out: POST /auth/link, /auth/password and /auth/sign-out; GET /auth/oidc and /auth/oidc/callback. A session is a
 * cookie that no script reads; the dashboard asks by `fetch` and is answered in JSON.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  type SignedInSession,
  signInByIdentity,
  signInByLink,
  signInByPassword,
  signOut,
} from '@microtome/store/access/sign-in';
import express, { type Request, type Response, type Router } from 'express';
import { z } from 'zod';
import type { AuthSettings } from '../access/auth-settings.ts';
import type { Authentication } from '../access/authentication.ts';
import { nameSessionCookie, readCookie } from '../access/credentials.ts';
import { createOidcClient } from '../access/oidc-client.ts';
import { recordSignIn } from '../access/record-sign-in.ts';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';

export const SIGN_IN_ROUTES: readonly RouteDescription[] = [
  {
    method: 'POST',
    path: '/auth/link',
    about: 'Signs in by a link that works once, where there are accounts. The session is a cookie.',
    takes: '`{"link"}` as application/json',
    gives: 'application/json',
  },
  {
    method: 'POST',
    path: '/auth/password',
    about: 'Signs in by mail address and password.',
    takes: '`{"email", "password"}` as application/json',
    gives: 'application/json',
  },
  { method: 'POST', path: '/auth/sign-out', about: 'Ends the session.', gives: 'nothing' },
  {
    method: 'GET',
    path: '/auth/oidc',
    about: 'Sends the browser to the OpenID provider.',
    gives: 'a redirect',
  },
  {
    method: 'GET',
    path: '/auth/oidc/callback',
    about: 'Where the provider sends the browser back to; from there it goes on to the dashboard.',
    gives: 'a redirect',
  },
];

const MAX_BODY_BYTES = 4_096;
const FLOW_COOKIE = 'microtome-oidc';
const FLOW_MS = 10 * 60_000;

const linkBody = z.object({ link: z.string().min(1).max(200) });
const passwordBody = z.object({ email: z.string().min(1).max(320), password: z.string().max(1_000) });

export function addSignInRoutes(
  router: Router,
  services: ApiServices,
  { settings, readCredential }: Authentication,
): void {
  if (!settings) return;
  const { store } = services;
  const body = express.json({ limit: MAX_BODY_BYTES });
  router.post('/auth/link', body, async (request, response) => {
    const { link } = readBody(linkBody, request);
    const signing = { act: 'signInByLink', request, response };
    const session = await recordSignIn(services, signing, (address) =>
      signInByLink(store, { secret: link, address }),
    );
    answer(response, settings, session);
  });
  router.post('/auth/password', body, async (request, response) => {
    if (!settings.hasPasswords) {
      throw new AppError('FORBIDDEN', 'This server takes no passwords: sign in with your provider.');
    }
    const given = readBody(passwordBody, request);
    const signing = { act: 'signInByPassword', request, response, email: given.email };
    const session = await recordSignIn(services, signing, (address) =>
      signInByPassword(store, { ...given, address }),
    );
    answer(response, settings, session);
  });
  router.post('/auth/sign-out', async (request, response) => {
    const credential = readCredential(request.headers);
    if (credential?.kind === 'SESSION') await signOut(store, credential.secret);
    response.clearCookie(nameSessionCookie(settings.isSecure), describeCookie(settings));
    response.setHeader('cache-control', 'no-store').status(204).end();
  });
  addOidcRoutes(router, services, settings);
}

function addOidcRoutes(router: Router, services: ApiServices, settings: AuthSettings): void {
  const { store } = services;
  if (!settings.oidc) return;
  const client = createOidcClient(settings.oidc, `${settings.apiUrl}/auth/oidc/callback`);
  router.get('/auth/oidc', async (_request, response) => {
    const { url, flow } = await client.begin();
    const kept = Buffer.from(JSON.stringify(flow)).toString('base64url');
    response.cookie(FLOW_COOKIE, kept, { ...describeCookie(settings), maxAge: FLOW_MS });
    response.setHeader('cache-control', 'no-store').redirect(url.href);
  });
  router.get('/auth/oidc/callback', async (request, response) => {
    const flow = readCookie(request.headers.cookie, FLOW_COOKIE);
    response.clearCookie(FLOW_COOKIE, describeCookie(settings));
    const sentence = await client
      .finish(new URL(request.originalUrl, settings.apiUrl), flow)
      .then((identity) => {
        const signing = {
          act: 'signInByProvider',
          request,
          response,
          email: identity.email ?? identity.subject,
        };
        return recordSignIn(services, signing, (address) =>
          signInByIdentity(store, { ...identity, address }),
        );
      })
      .then((session) => setCookie(response, settings, session))
      .then(() => null)
      .catch((error: unknown) => {
        if (error instanceof AppError) return error.message;
        throw error;
      });
    const page = new URL(sentence === null ? '/' : '/sign-in', settings.webUrl);
    if (sentence !== null) page.searchParams.set('refused', sentence);
    response.setHeader('cache-control', 'no-store').redirect(page.href);
  });
}

function readBody<T>(schema: z.ZodType<T>, request: Request): T {
  const parsed = schema.safeParse(request.body);
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', 'What is sent to sign in has not the fields that it takes.');
}

function answer(response: Response, settings: AuthSettings, session: SignedInSession): void {
  setCookie(response, settings, session);
  response.setHeader('cache-control', 'no-store').json({ name: session.account.name });
}

function setCookie(response: Response, settings: AuthSettings, { secret, expiresAt }: SignedInSession): void {
  response.cookie(nameSessionCookie(settings.isSecure), secret, {
    ...describeCookie(settings),
    expires: expiresAt,
  });
}

/** Lax: it comes along when a provider sends the browser back here, and with no request that another page makes. */
function describeCookie({ isSecure }: AuthSettings) {
  return { httpOnly: true, sameSite: 'lax', secure: isSecure, path: '/' } as const;
}
