/** What a field is compared with: a text, a number, a moment, a word of its list, or a figure of a champion. */
import { parseFigure } from './parse-field.ts';
import { type Expected, QueryError } from './query-error.ts';
import type { Token } from './query-tokens.ts';
import { type RunField, typeOfField, wordsOfField } from './run-field.ts';
import type { RunValue, Scalar } from './run-filter.ts';
import { shorten, type TokenReader } from './token-reader.ts';

const FLAGS = new Map([
  ['true', true],
  ['yes', true],
  ['false', false],
  ['no', false],
]);
/** A hundred years. */
const AGO_SECONDS_MAX = 3_155_760_000;
const EARLIEST = Date.parse('0001-01-01');
const LATEST = Date.parse('9999-12-31T23:59:59.999Z');
const TEXT_KINDS: readonly Token['kind'][] = ['TEXT', 'WORD', 'NUMBER', 'DURATION', 'AGO', 'TIME'];

/** @throws QueryError when the field does not take it */
export function parseValue(reader: TokenReader, field: RunField): RunValue {
  const type = typeOfField(field);
  if (type === 'TIME') return parseTime(reader, field);
  if (type === 'NUMBER' && reader.isWord('champion') && reader.isSign('(', 1)) return parseChampion(reader);
  return { kind: 'LITERAL', value: parseScalar(reader, field) };
}

/** @throws QueryError */
export function parseScalar(reader: TokenReader, field: RunField): Scalar {
  const token = reader.next;
  const expected: Expected = { kind: 'VALUE', field };
  const type = typeOfField(field);
  if (type === 'NUMBER' || type === 'DURATION') {
    const isNumber = token.kind === 'NUMBER' || (type === 'DURATION' && token.kind === 'DURATION');
    if (!isNumber)
      throw refuse(reader, `a ${type === 'NUMBER' ? 'number' : 'time such as 90m or 2h'}`, expected);
    return reader.take().value;
  }
  if (type === 'FLAG') return parseWord(reader, field) === 'true';
  if (type === 'WORD') return parseWord(reader, field);
  if (!TEXT_KINDS.includes(token.kind)) throw refuse(reader, 'a value', expected);
  reader.take();
  if (type !== 'ANY' || token.kind === 'TEXT') return token.text;
  return token.kind === 'NUMBER' ? token.value : (FLAGS.get(token.text.toLowerCase()) ?? token.text);
}

function parseWord(reader: TokenReader, field: RunField): string {
  const { kind, text } = reader.next;
  const words = wordsOfField(field);
  const asked = kind === 'WORD' || kind === 'TEXT' ? text.toLowerCase() : null;
  const flag = asked === null ? undefined : FLAGS.get(asked);
  const word = words.find((one) => one.toLowerCase() === (flag === undefined ? asked : String(flag)));
  if (word === undefined) throw refuse(reader, `one of ${words.join(', ')}`, { kind: 'VALUE', field });
  reader.take();
  return word;
}

/** A day begins at midnight UTC, and so does a moment without a zone count. */
function parseTime(reader: TokenReader, field: RunField): RunValue {
  const token = reader.next;
  if (token.kind === 'AGO' && token.value <= AGO_SECONDS_MAX) {
    return { kind: 'AGO', seconds: reader.take().value };
  }
  if (reader.takeWord('now')) return { kind: 'AGO', seconds: 0 };
  const text = token.kind === 'TIME' || token.kind === 'TEXT' ? token.text.replace(' ', 'T') : '';
  const isWhole = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const at = isWhole
    ? Date.parse(/T/.test(text) && !/(Z|[+-]\d\d:\d\d)$/.test(text) ? `${text}Z` : text)
    : Number.NaN;
  if (!(at >= EARLIEST && at <= LATEST)) {
    throw refuse(reader, 'a time such as 2026-11-21, "2026-11-21 08:30" or -7d', { kind: 'VALUE', field });
  }
  reader.take();
  return { kind: 'TIME', at: new Date(at).toISOString() };
}

function parseChampion(reader: TokenReader): RunValue {
  reader.take();
  reader.requireSign('(');
  const { kind, text } = reader.next;
  if ((kind !== 'TEXT' && kind !== 'WORD') || text === '') {
    throw reader.refuse('the name of a model is missing', { kind: 'MODEL' });
  }
  reader.take();
  reader.requireSign(',');
  const figure = parseFigure(reader);
  reader.requireSign(')');
  return { kind: 'CHAMPION', model: text, figure };
}

function refuse(reader: TokenReader, wanted: string, expected: Expected): QueryError {
  const { kind, text, from, to } = reader.next;
  const found = kind === 'END' ? 'the line ends' : `there is '${shorten(text)}'`;
  return new QueryError(`${found} where ${wanted} is expected.`, { from, to }, expected);
}
