/**
 * Hostile WebSocket traffic, generated: frames that break the protocol (fragments, wrong opcodes, bits and lengths, bad
 * UTF-8, no mask) and messages of graphql-transport-ws in any order, with hostile ids, documents and variables.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';

/** What one client writes, piece by piece. */
export type FrameSequence = readonly Uint8Array[];

const OPCODES = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** An operation whose answer says that all before it have begun. */
const LAST_MESSAGE = { type: 'subscribe', id: 'last of all', payload: { query: '{ __typename }' } };
const LONGEST_ANSWER_MS = 300;

const DOCUMENTS = [
  'subscription ($runId: ID!, $after: Int) { runEvents(runId: $runId, after: $after) { ... on RunEvent { seq payload } } }',
  'subscription ($id: ID) { runsChanged(experimentId: $id) { runId run { id name } } }',
  'subscription ($id: ID!) { datasetImport(id: $id) { status } }',
  '{ __typename }',
  'query ($first: Int!) { runs(first: $first) { totalCount } }',
  'subscription { runsChanged { ...A } } fragment A on RunChange { ...A }',
  'query A { __typename } query B { __typename }',
  '{'.repeat(3_000),
  '',
  'subscription { __typename }',
  'fragment A on Run { id }',
];
const HOSTILE_VALUES: unknown[] = [
  '00000000-0000-0000-0000-000000000000',
  '\u0000',
  '\ud800',
  "' or 1=1 --",
  '%',
  'x'.repeat(10_000),
  -1,
  0,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31),
  1e308,
  null,
  true,
  [],
  {},
  { constructor: 1 },
];

const ids = fc.oneof(
  fc.constantFrom('1', '2', '3', '__proto__', 'constructor', '', 'i'.repeat(129), 'i'.repeat(50_000)),
  fc.string(),
);
const hostile = fc.oneof(fc.constantFrom(...HOSTILE_VALUES), fc.jsonValue());
const subscribes = fc.record({
  type: fc.constant('subscribe'),
  id: ids,
  payload: fc.record(
    {
      query: fc.oneof(fc.constantFrom(...DOCUMENTS), fc.string()),
      operationName: fc.constantFrom<unknown>(null, 'A', 'B', 'missing', 5),
      variables: fc.record(
        { runId: hostile, after: hostile, id: hostile, first: hostile },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['query'] },
  ),
});
const others = fc.record(
  {
    type: fc.constantFrom<unknown>(
      ...['connection_init', 'connection_ack', 'ping', 'pong', 'next', 'error', 'complete', 'start', '', 7],
    ),
    id: ids,
    payload: hostile,
  },
  { requiredKeys: ['type'] },
);

const begin = fc.constant(encodeFrame(OPCODES.text, Buffer.from('{"type":"connection_init"}')));
const messages = fc
  .oneof({ weight: 4, arbitrary: subscribes }, { weight: 2, arbitrary: others })
  .chain((message) =>
    fc
      .integer({ min: 1, max: 4 })
      .map((parts) => Buffer.concat(encodeFragments(Buffer.from(JSON.stringify(message)), parts))),
  );
const brokenFrames = fc
  .record({
    opcode: fc.integer({ min: 0, max: 15 }),
    isFinal: fc.boolean(),
    reserved: fc.constantFrom(0, 0, 0, 0x10, 0x40),
    isMasked: fc.boolean(),
    payload: fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.constantFrom(Buffer.from([0xc3, 0x28]), Buffer.from([0xed, 0xa0, 0x80]), Buffer.alloc(300_000, 120)),
    ),
    claimedLength: fc.option(fc.integer({ min: 0, max: 2 ** 40 }), { freq: 4 }),
  })
  .map(({ opcode, payload, ...rest }) =>
    encodeFrame(opcode, payload, { ...rest, claimedLength: rest.claimedLength ?? undefined }),
  );
const noise = fc.uint8Array({ maxLength: 100 });

/** Most introduce themselves first; what follows is mostly of the protocol, with something broken in between. */
export const frameSequences: fc.Arbitrary<FrameSequence> = fc
  .tuple(
    fc.option(begin, { freq: 8 }),
    fc.array(
      fc.oneof(
        { weight: 8, arbitrary: messages },
        { weight: 2, arbitrary: brokenFrames },
        { weight: 1, arbitrary: noise },
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([first, rest]) => (first ? [first, ...rest] : rest));

type FrameOptions = { isFinal?: boolean; reserved?: number; isMasked?: boolean; claimedLength?: number };

function encodeFrame(opcode: number, payload: Uint8Array, options: FrameOptions = {}): Buffer {
  const { isFinal = true, reserved = 0, isMasked = true, claimedLength = payload.length } = options;
  const first = (isFinal ? 0x80 : 0) | reserved | opcode;
  const mask = isMasked ? 0x80 : 0;
  let head: Buffer;
  if (claimedLength < LENGTH_16) {
    head = Buffer.from([first, mask | claimedLength]);
  } else if (claimedLength < 2 ** 16) {
    head = Buffer.from([first, mask | LENGTH_16, 0, 0]);
    head.writeUInt16BE(claimedLength, 2);
  } else {
    head = Buffer.concat([Buffer.from([first, mask | LENGTH_64]), Buffer.alloc(8)]);
    head.writeBigUInt64BE(BigInt(claimedLength), 2);
  }
  // A mask of zeros leaves the payload as it is.
  return Buffer.concat([head, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), payload]);
}

function encodeFragments(payload: Buffer, parts: number): Buffer[] {
  const size = Math.max(1, Math.ceil(payload.length / parts));
  return Array.from({ length: parts }, (_, at) =>
    encodeFrame(
      at === 0 ? OPCODES.text : OPCODES.continuation,
      payload.subarray(at * size, (at + 1) * size),
      {
        isFinal: at === parts - 1,
      },
    ),
  );
}

/** Connects by hand, writes all of it, and gives what the server said until the connection was over. */
export async function sendFrames(port: number, sequence: FrameSequence): Promise<Buffer> {
  const socket = connect(port, '127.0.0.1');
  const answer: Buffer[] = [];
  socket.on('error', () => undefined);
  const closed = once(socket, 'close');
  socket.write(
    `GET /graphql HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\nconnection: upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString('base64')}\r\n` +
      'sec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  await once(socket, 'data');
  for (const frame of sequence) socket.write(frame);
  socket.write(encodeFrame(OPCODES.text, Buffer.from(JSON.stringify(LAST_MESSAGE))));
  // It begins after all before it; where it was swallowed by a frame that has no end, nothing is waited for any longer.
  const answered = new Promise<void>((resolve) => {
    setTimeout(resolve, LONGEST_ANSWER_MS);
    socket.on('data', (chunk) => {
      answer.push(chunk);
      if (Buffer.concat(answer).includes(`"${LAST_MESSAGE.id}"`)) resolve();
    });
  });
  await Promise.race([answered, closed]);
  socket.end(encodeFrame(OPCODES.close, Buffer.from([0x03, 0xe8])));
  await closed;
  return Buffer.concat(answer);
}
