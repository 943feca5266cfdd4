/**
 * HTTP requests drawn from the routes that the API's own sources add, and from none: hostile paths, queries, headers,
 * ranges, methods and bodies, written by hand onto the socket, since no client would send most of them.
 */
import { connect } from 'node:net';
import fc from 'fast-check';
import { findRouteAccess } from '../../apps/api/src/access/route-access.ts';
import type { KnownIds } from './fuzz-bench.ts';
import { hostileTexts, hostileValues, writeRawNumbers } from './hostile-values.ts';

/** `isCutOff`: it says that more follows than does. */
export type HttpRequest = { route: string; bytes: Uint8Array; isCutOff: boolean };
export type HttpAnswer = { status: number; type: string; body: Buffer };

const LONGEST_ANSWER_MS = 30_000;
const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'];
const QUERY_NAMES = [
  'maxSidePx',
  'layer',
  'runs',
  'reference',
  'subset',
  'query',
  'variables',
  'extensions',
  '__proto__',
  'a[]',
  'a[b]',
];
const HEADER_NAMES = [
  ...[
    'range',
    'if-none-match',
    'if-range',
    'if-modified-since',
    'accept',
    'accept-encoding',
    'origin',
    'cookie',
  ],
  ...[
    'x-request-id',
    'content-type',
    'expect',
    'te',
    'forwarded',
    'x-forwarded-host',
    'apollo-require-preflight',
  ],
  ...['access-control-request-method', 'access-control-request-headers', 'upgrade', 'sec-websocket-key'],
];
const HEADER_VALUES = [
  ...[
    'bytes=0-0',
    'bytes=0-',
    'bytes=-1',
    'bytes=-0',
    'bytes=5-2',
    'bytes=0-1,3-4',
    'bytes=99999999999999999999-',
  ],
  ...['bytes=-99999999999999999999', 'bytes=a-b', 'items=0-1', 'bytes=', `bytes=${'0-0,'.repeat(500)}`],
  ...[
    '*',
    '"x"',
    'W/"x"',
    '""',
    '"'.repeat(500),
    'application/json',
    'text/html',
    'application/x-www-form-urlencoded',
  ],
  ...[
    'application/json; charset=utf-7',
    'application/json; charset=',
    'gzip',
    'br;q=x',
    '100-continue',
    'null',
  ],
  ...[
    'http://localhost:3000',
    'https://evil.example',
    'websocket',
    'GET',
    'true',
    '',
    ' ',
    'é',
    'x'.repeat(9_000),
  ],
];
const DOCUMENTS = [
  '{ __typename }',
  'mutation { __typename }',
  'subscription { __typename }',
  '{',
  '',
  '{ runs { totalCount } }',
];

export function drawRequests(
  port: number,
  routes: readonly string[],
  known: KnownIds,
): fc.Arbitrary<HttpRequest> {
  const any = Object.values(known).flat();
  const drawPart = (name: string) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...(known[name] ?? any)) },
      { weight: 1, arbitrary: fc.constantFrom(...any) },
      { weight: 2, arbitrary: hostileTexts.map(writePart) },
    );
  const drawPath = (route: string) =>
    fc
      .tuple(
        ...route
          .split(/[:*](\w+)/)
          .map((part, at) => (at % 2 === 1 ? drawPart(nameId(route, part)) : fc.constant(part))),
      )
      .map((parts) => parts.join(''));
  const texts = fc.oneof(fc.constantFrom(...any), fc.constantFrom(any.join(','), ...DOCUMENTS), hostileTexts);
  const queries = fc
    .array(fc.tuple(fc.constantFrom(...QUERY_NAMES), texts), { maxLength: 3 })
    .map((pairs) => pairs.map(([name, value]) => `${name}=${writePart(value)}`).join('&'));
  const headers = fc.array(fc.tuple(fc.constantFrom(...HEADER_NAMES), headerValues), { maxLength: 3 });
  const strangePaths = hostileTexts.map((text) => `/${text.replaceAll(/[\s\0]/g, '')}`);
  return fc.constantFrom(...routes).chain((route) =>
    fc
      .record({
        method: fc.constantFrom(
          ...METHODS,
          ...new Array(12).fill('GET'),
          ...listWritten(route).flatMap((method) => new Array(10).fill(method)),
        ),
        path: fc.oneof({ weight: 12, arbitrary: drawPath(route) }, { weight: 1, arbitrary: strangePaths }),
        query: queries,
        headers,
        body: bodies,
        claimedLength: fc.oneof(
          { weight: 40, arbitrary: fc.constant(null) },
          { weight: 1, arbitrary: fc.constantFrom('-1', '0', '7', '1e3', '99999999999999999999') },
        ),
      })
      .map((drawn) => ({
        route,
        bytes: writeRequest({ ...drawn, port }),
        isCutOff: Number(drawn.claimedLength) > Buffer.byteLength(drawn.body),
      })),
  );
}

/** What an `id` of a path is of, as the other names of paths say it. */
function nameId(route: string, name: string): string {
  if (name !== 'id') return name;
  if (route.startsWith('/splits/')) return 'splitId';
  return route.startsWith('/datasets/') ? 'datasetId' : 'externalEvaluationId';
}

/** The methods besides GET that a route serves. */
function listWritten(route: string): string[] {
  const path = route.replaceAll(/[:*]\w+/g, 'x');
  return ['POST', 'PUT', 'DELETE'].filter((method) => findRouteAccess(method, path) !== null);
}

// Most without what ends a line or a text: the parser refuses it before any route is asked.
const headerValues = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...HEADER_VALUES) },
  { weight: 10, arbitrary: hostileTexts.map((text) => text.replaceAll(/\p{Cc}/gu, '')) },
  { weight: 1, arbitrary: hostileTexts },
);
const bodies = fc.oneof(
  { weight: 12, arbitrary: fc.constant('') },
  {
    weight: 4,
    arbitrary: fc
      .record(
        {
          query: fc.constantFrom<unknown>(...DOCUMENTS, 1, null),
          variables: hostileValues,
          operationName: hostileValues,
          extensions: hostileValues,
        },
        { requiredKeys: ['query'] },
      )
      .map((body) => writeRawNumbers(JSON.stringify(body))),
  },
  { weight: 2, arbitrary: hostileValues.map((value) => writeRawNumbers(JSON.stringify(value))) },
  { weight: 1, arbitrary: hostileTexts },
  {
    weight: 1,
    arbitrary: fc.constantFrom('['.repeat(50_000), '{"query":"'.repeat(9), 'x'.repeat(2_000_000)),
  },
);

/** In per cent signs, where the text can be written so: a lone surrogate cannot, and goes as bytes that are no UTF-8. */
function writePart(text: string): string {
  return text.isWellFormed() ? encodeURIComponent(text) : '%ed%a0%80';
}

function writeRequest(drawn: {
  port: number;
  method: string;
  path: string;
  query: string;
  headers: [string, string][];
  body: string;
  claimedLength: string | null;
}): Uint8Array {
  const { method, path, query, headers, claimedLength } = drawn;
  const body = Buffer.from(drawn.body);
  const hasType = headers.some(([name]) => name === 'content-type');
  const lines = [
    `${method} ${path}${query ? `?${query}` : ''} HTTP/1.1`,
    `host: 127.0.0.1:${drawn.port}`,
    'connection: close',
    ...(body.length > 0 || claimedLength !== null ? [`content-length: ${claimedLength ?? body.length}`] : []),
    ...(hasType || body.length === 0 ? [] : ['content-type: application/json']),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`), body]);
}

/** What the server says until it closes; undefined when it closes without a word, as after bytes that are no request. */
export async function sendRequest(
  port: number,
  { bytes, isCutOff }: HttpRequest,
): Promise<HttpAnswer | undefined> {
  const socket = connect(port, '127.0.0.1');
  const chunks: Buffer[] = [];
  await new Promise<void>((resolve, reject) => {
    socket.setTimeout(LONGEST_ANSWER_MS, () =>
      reject(new Error(`No answer within ${LONGEST_ANSWER_MS} ms.`)),
    );
    socket.on('data', (chunk) => chunks.push(chunk));
    // A server that refuses a body closes before it is all written.
    socket.on('error', () => undefined);
    socket.on('close', () => resolve());
    // The server takes a client that ends its side for one that has left.
    if (isCutOff) socket.end(bytes);
    else socket.write(bytes);
  }).finally(() => socket.destroy());
  return readAnswer(Buffer.concat(chunks));
}

function readAnswer(bytes: Buffer): HttpAnswer | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString('latin1');
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  const rest = bytes.subarray(end + 4);
  // An interim answer goes before the real one.
  if (status === 100) return readAnswer(rest);
  const type = /^content-type: *([^;\r\n]*)/im.exec(head)?.[1] ?? '';
  return { status, type, body: /^transfer-encoding: *chunked/im.test(head) ? joinChunks(rest) : rest };
}

function joinChunks(bytes: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(bytes.subarray(at, lineEnd).toString('latin1'), 16);
    if (!(size > 0)) return Buffer.concat(chunks);
    chunks.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
