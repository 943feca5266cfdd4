/**
 * What the dashboard's answers let a browser do, as headers: run scripts that carry the request's nonce, and load from
 * the dashboard itself and from the API alone, for data, pictures and its WebSocket. Styles may stand in attributes: widths,
 * colours and places of charts and pictures are computed. The analyser's page is isolated from other origins, because
 * only then a browser gives it several threads; its worker may compile WebAssembly and reaches the dashboard alone.
 */
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ApiLocation, resolveApiUrl } from './api/api-address.ts';

/** By this header of the request a page that is being rendered learns its nonce. */
export const NONCE_HEADER = 'x-nonce';

const POLICY_HEADER = 'content-security-policy';
const NONCE_BYTES = 16;

/** Of every answer, whatever it is. */
const KIND_HEADERS = { 'x-content-type-options': 'nosniff' };
/** Of what a browser shows as a document. */
const HEADERS = {
  ...KIND_HEADERS,
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-frame-options': 'DENY',
};

/** A page that is isolated keeps the others' pictures out, and they would not have its threads. */
const ISOLATED_PAGE = /^\/analyse\/?$/;
/** Of a worker of its, too. */
const EMBEDDER = { 'cross-origin-embedder-policy': 'require-corp' };
const ISOLATION = { ...EMBEDDER, 'cross-origin-opener-policy': 'same-origin' };

/** For an answer that is no page: it loads nothing. */
export function limitRefusal(response: ServerResponse): void {
  setHeaders(response, { ...HEADERS, [POLICY_HEADER]: "default-src 'none'; frame-ancestors 'none'" });
}

/**
 * For a script. Where a page runs it as a worker, these headers are the worker's own: it loads from the dashboard alone,
 * so that what it is given to look at stays on the machine. A page has a score of scripts: none has a header that is a document's.
 */
export function limitScript(response: ServerResponse): void {
  const policy = [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "connect-src 'self'",
  ].join('; ');
  setHeaders(response, { ...KIND_HEADERS, ...EMBEDDER, [POLICY_HEADER]: policy });
}

/**
 * Whether a page of the other kind asks for what Next.js would put in its place. The browser decides once for a document
 * whether it is isolated, so the answer must make it load a new one.
 */
export function crossesIsolation({ url, headers }: IncomingMessage): boolean {
  // What is only fetched ahead is no page yet; refused, it would be asked for again and again.
  if (headers.rsc === undefined || headers['next-router-prefetch'] !== undefined) return false;
  const from = URL.parse(headers.referer ?? '')?.pathname;
  return from !== undefined && ISOLATED_PAGE.test(from) !== isIsolated(url);
}

/** For everything else. Next.js reads the nonce from the policy of the request, and puts it on its own scripts. */
export function limitPage(answer: {
  request: IncomingMessage;
  response: ServerResponse;
  api: ApiLocation;
  /** By which the page is reached. */
  hostname: string;
}): void {
  const { request, response, api, hostname } = answer;
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const policy = writePolicy(nonce, listApiSources(api, hostname));
  request.headers[NONCE_HEADER] = nonce;
  request.headers[POLICY_HEADER] = policy;
  setHeaders(response, {
    ...HEADERS,
    ...(isIsolated(request.url) ? ISOLATION : {}),
    [POLICY_HEADER]: policy,
  });
}

function isIsolated(url = '/'): boolean {
  return ISOLATED_PAGE.test(url.split('?', 1)[0] ?? '');
}

function setHeaders(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function writePolicy(nonce: string, [api, socket]: [string, string]): string {
  return [
    "default-src 'none'",
    // What a script with the nonce loads may run, too: pages come in pieces.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'`,
    "worker-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self' data: blob: ${api}`,
    "font-src 'self'",
    `connect-src 'self' ${api} ${socket}`,
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/**
 * The API and its WebSocket. Behind something that ends TLS a page is https where this server saw http: a source of http
 * allows https too, one of ws allows wss.
 */
function listApiSources(location: ApiLocation, hostname: string): [string, string] {
  const {
    protocol,
    hostname: apiHost,
    port,
  } = new URL(resolveApiUrl(location, { protocol: 'http:', hostname }));
  // A policy cannot name an IPv6 address.
  const host = apiHost.startsWith('[') ? '*' : apiHost;
  const place = `//${host}${port && `:${port}`}`;
  return [`${protocol}${place}`, `${protocol.replace('http', 'ws')}${place}`];
}
