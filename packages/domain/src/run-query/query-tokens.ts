/** A line of text in pieces: words, quoted texts, numbers with or without a unit, times and signs, each with its place. */
import { QueryError, type TextRange } from './query-error.ts';

const QUERY_LENGTH_MAX = 4_000;

type TokenKind = 'WORD' | 'TEXT' | 'NUMBER' | 'DURATION' | 'AGO' | 'TIME' | 'SIGN' | 'END';

/** `text` is what was written, without quotes and escapes; `value` the number, or seconds. */
export type Token = TextRange & { kind: TokenKind; text: string; value: number };

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };
const END_OF_NUMBER = String.raw`(?![\p{L}\p{N}_.:/-])`;
const FORMS: readonly [TokenKind, RegExp][] = [
  [
    'TIME',
    new RegExp(
      String.raw`\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)?)?${END_OF_NUMBER}`,
      'uy',
    ),
  ],
  ['AGO', new RegExp(String.raw`-\d{1,10}[smhdw]${END_OF_NUMBER}`, 'uy')],
  ['DURATION', new RegExp(String.raw`\d{1,9}(\.\d{1,6})?[smhdw]${END_OF_NUMBER}`, 'uy')],
  ['NUMBER', new RegExp(String.raw`[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?${END_OF_NUMBER}`, 'uy')],
  // A tag such as person:ada, an id that begins with a digit, the name of a metric with its side in front.
  ['WORD', /[\p{L}\p{N}_][\p{L}\p{N}_.:/-]*/uy],
  ['SIGN', /<=|>=|!=|<>|==|!~|[=<>~(),]/uy],
];
const BLANKS = /\s+/uy;
const ESCAPES = new Map([
  ['n', '\n'],
  ['t', '\t'],
  ['r', '\r'],
]);
/** Other ways to write a sign. */
const SAME_SIGNS = new Map([
  ['==', '='],
  ['<>', '!='],
]);

/** The last token is END. @throws QueryError */
export function tokenize(line: string): Token[] {
  if (line.length > QUERY_LENGTH_MAX) {
    const sentence = `the line has ${line.length} characters, at most ${QUERY_LENGTH_MAX} fit.`;
    throw new QueryError(sentence, { from: QUERY_LENGTH_MAX, to: line.length });
  }
  const tokens: Token[] = [];
  let at = 0;
  while (at < line.length) {
    const blanks = match(BLANKS, line, at);
    if (blanks !== null) {
      at += blanks.length;
      continue;
    }
    const token = line[at] === '"' || line[at] === "'" ? readQuoted(line, at) : readPlain(line, at);
    tokens.push(token);
    at = token.to;
  }
  return [...tokens, { kind: 'END', text: '', value: 0, from: line.length, to: line.length }];
}

function readPlain(line: string, from: number): Token {
  for (const [kind, form] of FORMS) {
    const text = match(form, line, from);
    if (text === null) continue;
    const range = { from, to: from + text.length };
    return { kind, text: SAME_SIGNS.get(text) ?? text, value: measure(kind, text, range), ...range };
  }
  const character = String.fromCodePoint(line.codePointAt(from) ?? 0);
  throw new QueryError(`the character ${character} has no meaning here; put texts into quotation marks.`, {
    from,
    to: from + character.length,
  });
}

function measure(kind: TokenKind, text: string, range: TextRange): number {
  if (kind === 'NUMBER') {
    const value = Number(text);
    if (!Number.isFinite(value)) throw new QueryError(`${text} is too large for a number.`, range);
    return value === 0 ? 0 : value;
  }
  if (kind !== 'DURATION' && kind !== 'AGO') return 0;
  return Math.abs(Number(text.slice(0, -1))) * (UNIT_SECONDS[text.slice(-1)] ?? 1);
}

/** Either kind of mark; a backslash before a mark, or before itself, stands for what follows it. */
function readQuoted(line: string, from: number): Token {
  const mark = line[from];
  let text = '';
  for (let at = from + 1; at < line.length; at++) {
    const character = line[at] ?? '';
    if (character === mark) return { kind: 'TEXT', text, value: 0, from, to: at + 1 };
    if (character === '\\' && at + 1 < line.length) {
      at += 1;
      text += ESCAPES.get(line[at] ?? '') ?? line[at];
    } else text += character;
  }
  throw new QueryError(`the text that begins here has no closing ${mark}.`, { from, to: line.length });
}

function match(form: RegExp, line: string, at: number): string | null {
  form.lastIndex = at;
  return form.exec(line)?.[0] ?? null;
}
