/** Mutations of valid files, drawn by fast-check so that a failure shrinks to the fewest: bytes, fields, slices. */
import fc from 'fast-check';

type Mutation =
  | { kind: 'flip'; at: number; bit: number }
  | { kind: 'cut'; at: number }
  | { kind: 'field'; mark: number; offset: number; bytes: 1 | 2 | 4 | 8; value: bigint }
  | { kind: 'swapFields'; mark: number; offset: number; other: number }
  | { kind: 'double' | 'remove'; at: number; bytes: number; to: number }
  | { kind: 'prepend' | 'append'; content: Uint8Array };

/** Numbers that readers trip over: ends of their types, and what says "look elsewhere". */
const TELLING = [
  ...[0n, 1n, 2n, 7n, 8n, 46n, 0x7fn, 0x80n, 0xffn, 0x100n, 0x7fffn, 0x8000n, 0xfffen, 0xffffn, 0x10000n],
  ...[0x7fffffffn, 0x80000000n, 0xfffffffen, 0xffffffffn, 0x1_0000_0000n, 1n << 53n, (1n << 63n) - 1n],
  ...[(1n << 64n) - 1n, 0x04034b50n, 0x02014b50n, 0x06054b50n],
];
const FIELD_OFFSET_MAX = 56;
const SLICE_BYTES_MAX = 400;

const share = fc.double({ min: 0, max: 1, noNaN: true });
const mark = fc.nat(63);
const offset = fc.nat(FIELD_OFFSET_MAX);
const value = fc.oneof(fc.constantFrom(...TELLING), fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }));

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: share, bit: fc.nat(7) }),
  fc.record({ kind: fc.constant('cut' as const), at: share }),
  fc.record({
    kind: fc.constant('field' as const),
    mark,
    offset,
    bytes: fc.constantFrom(1 as const, 2 as const, 4 as const, 8 as const),
    value,
  }),
  fc.record({ kind: fc.constant('swapFields' as const), mark, offset, other: mark }),
  fc.record({
    kind: fc.constantFrom('double' as const, 'remove' as const),
    at: share,
    bytes: fc.nat(SLICE_BYTES_MAX),
    to: share,
  }),
  fc.record({
    kind: fc.constantFrom('prepend' as const, 'append' as const),
    content: fc.uint8Array({ maxLength: SLICE_BYTES_MAX }),
  }),
);

/** One to three of them: more hide one another. */
export const mutations: fc.Arbitrary<Mutation[]> = fc.array(mutation, { minLength: 1, maxLength: 3 });

/** `marks`: byte strings that head the records of the format; fields are counted from where one stands. */
export function mutate(valid: Buffer, applied: readonly Mutation[], marks: readonly string[]): Buffer {
  return applied.reduce<Buffer>((bytes, one) => mutateOnce(bytes, one, marks), Buffer.from(valid));
}

function mutateOnce(bytes: Buffer, applied: Mutation, marks: readonly string[]): Buffer {
  if ('content' in applied) {
    const { content } = applied;
    return Buffer.concat(applied.kind === 'prepend' ? [content, bytes] : [bytes, content]);
  }
  if (bytes.length === 0) return bytes;
  if (applied.kind === 'field' || applied.kind === 'swapFields')
    return mutateField(Buffer.from(bytes), applied, marks);
  const at = Math.floor(applied.at * (bytes.length - 1));
  switch (applied.kind) {
    case 'flip': {
      const flipped = Buffer.from(bytes);
      flipped[at]! ^= 1 << applied.bit;
      return flipped;
    }
    case 'cut':
      return bytes.subarray(0, at);
    case 'remove':
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + applied.bytes)]);
    case 'double': {
      const to = Math.floor(applied.to * bytes.length);
      const slice = bytes.subarray(at, at + applied.bytes);
      return Buffer.concat([bytes.subarray(0, to), slice, bytes.subarray(to)]);
    }
  }
}

function mutateField(
  bytes: Buffer,
  applied: Extract<Mutation, { kind: 'field' | 'swapFields' }>,
  marks: readonly string[],
): Buffer {
  const places = marks.flatMap((head) => listPlaces(bytes, head));
  const placeOf = (index: number) => (places.length > 0 ? places[index % places.length]! : 0);
  const at = placeOf(applied.mark) + applied.offset;
  if (applied.kind === 'field') {
    for (let byte = 0; byte < applied.bytes && at + byte < bytes.length; byte++)
      bytes[at + byte] = Number((applied.value >> BigInt(8 * byte)) & 0xffn);
    return bytes;
  }
  const other = placeOf(applied.other) + applied.offset;
  for (let byte = 0; byte < 4 && Math.max(at, other) + byte < bytes.length; byte++)
    [bytes[at + byte], bytes[other + byte]] = [bytes[other + byte]!, bytes[at + byte]!];
  return bytes;
}

function listPlaces(bytes: Buffer, head: string): number[] {
  const places: number[] = [];
  const wanted = Buffer.from(head, 'latin1');
  for (let at = bytes.indexOf(wanted); at >= 0; at = bytes.indexOf(wanted, at + 1)) places.push(at);
  return places;
}
