/** Values that no form sends: for texts, numbers and JSON, shared by what is fuzzed over GraphQL and over HTTP. */
import fc from 'fast-check';

/** Stands in JSON for a number as it is written, which `JSON.stringify` cannot write; see `writeRawNumbers`. */
const RAW_NUMBER = /"raw number (.{1,40}?)"/g;
const RAW_NUMBERS = ['1e400', '-1e400', '1e-400', '-0', 'NaN', '1'.repeat(40), '0.1e+3'];
const DEEP_LEVELS = [17, 300, 3_000];
const NOWHERE = '00000000-0000-4000-8000-000000000000';

/** Of the entry with this id, as a list gives it. */
export function encodeCursor(id: string): string {
  return encodeBase64(`GPC:S:${id}`);
}

const HOSTILE_TEXTS = [
  ...[
    '',
    ' ',
    '\0',
    'a\0b',
    '\ud800',
    'x\udc00',
    '\ufeff',
    '\u202eabc',
    'a\r\nb: c',
    '\u001b[2J',
    '\u{1F9EC}',
    '\u00a0\t',
    'a\u200bb',
    'a\u200f',
    '\u2066a',
    'a\u2028b',
  ],
  ...[
    '%',
    '_',
    '\\',
    "' or 1=1 --",
    '"; drop table run; --',
    '#{7*7}',
    '=1+1',
    '<script>',
    '../../etc/passwd',
  ],
  ...['NaN', 'Infinity', '-1', '1e309', '0x10', 'null', 'undefined', '__proto__', 'constructor', 'toString'],
  ...[
    '2026-13-45',
    '-271821-04-20T00:00:00Z',
    '+275760-09-13T00:00:01Z',
    '0000-00-00T00:00:00Z',
    '9999-12-31',
  ],
  ...[NOWHERE, NOWHERE.toUpperCase(), `${NOWHERE}\n`, `{${NOWHERE}}`, NOWHERE.replaceAll('-', '')],
  ...['GPC:N:1e99', 'GPC:D:99999999999999', 'GPC:J:{}', 'GPC:T:[]'].map(encodeBase64),
  ...['x', NOWHERE].map(encodeCursor),
  ...[
    '/',
    '/proc/self/mem',
    '/dev/zero',
    '.',
    '..',
    '~',
    'file:///etc',
    '\\\\host\\share',
    'C:\\',
    'a/'.repeat(2_000),
  ],
  ...['x'.repeat(256), 'x'.repeat(10_000), '\u0301'.repeat(3_000), '('.repeat(2_000)],
];

const HOSTILE_NUMBERS = [
  ...[
    0,
    -0,
    1,
    -1,
    2,
    1000,
    1001,
    2 ** 31 - 1,
    2 ** 31,
    -(2 ** 31),
    -(2 ** 31) - 1,
    2 ** 32,
    2 ** 53,
    -(2 ** 53),
  ],
  ...[0.5, -0.5, 1e-300, 5e-324, 1e21, 1e308, -1e308, 3.000001],
];

export const hostileTexts = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  // By UTF-16 units: halves of characters too.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units)),
  },
);
export const hostileNumbers = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...HOSTILE_NUMBERS) },
  { weight: 1, arbitrary: fc.integer() },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }) },
);
const deepValues = fc
  .tuple(fc.constantFrom(...DEEP_LEVELS), fc.boolean())
  .map(([levels, isList]) => nest(levels, isList));
const rawNumbers = fc.constantFrom(...RAW_NUMBERS).map((text) => `raw number ${text}`);

/** Whatever JSON can say, and numbers that only its text can. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: hostileTexts },
  { weight: 4, arbitrary: hostileNumbers },
  { weight: 2, arbitrary: fc.constantFrom<unknown>(null, true, false, [], {}, [[]], [null], { length: -1 }) },
  { weight: 2, arbitrary: rawNumbers },
  { weight: 2, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: deepValues },
  { weight: 1, arbitrary: fc.constantFrom<unknown>(new Array(2_000).fill(0), new Array(2_000).fill('x')) },
);

/** The JSON with the numbers that stand in it as texts written as they are. */
export function writeRawNumbers(json: string): string {
  return json.replace(RAW_NUMBER, (_, digits: string) => digits);
}

function nest(levels: number, isList: boolean): unknown {
  let value: unknown = 1;
  for (let level = 0; level < levels; level++) value = isList ? [value] : { a: value };
  return value;
}

function encodeBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}
