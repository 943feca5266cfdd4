/**
 * Cuts a search filter or a sort key of an MLflow client into tokens: names with their dots, quoted texts, numbers,
 * comparators and the few words. What a token means is decided by the parsers that read them.
 */
import { AppError } from '../app-error.ts';

export type SearchToken =
  /** `text` is what stood there, `parts` the name between its dots, without quotes. */
  | { kind: 'name'; text: string; parts: string[] }
  | { kind: 'text'; text: string; value: string }
  | { kind: 'number'; text: string; value: number }
  | { kind: 'comparator'; text: string }
  | { kind: 'mark'; text: '(' | ')' | ',' };

const BLANK = /\s+/y;
const NUMBER = /[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?(?![\w.])/iy;
const COMPARATOR = />=|<=|!=|<>|=|<|>/y;
const MARK = /[(),]/y;
const QUOTED = /'(?:[^']|'')*'|"(?:[^"]|"")*"/y;
const NAME_PART = /`[^`]*`|"[^"]*"|'[^']*'|[^\s.`'"(),=<>!]+/y;

/** BAD_INPUT when a part of it is none of these. */
export function cutSearchTokens(source: string): SearchToken[] {
  const tokens: SearchToken[] = [];
  let at = 0;
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source)?.[0] ?? null;
    if (found !== null) at += found.length;
    return found;
  };
  while (at < source.length) {
    if (take(BLANK) !== null) continue;
    const token = takeToken(take) ?? takeName(take, () => source[at] === '.' && at++ >= 0);
    if (!token) {
      throw new AppError('BAD_INPUT', `Invalid clause(s) in filter string: '${source.slice(at, at + 80)}'`);
    }
    tokens.push(token);
  }
  return tokens;
}

function takeToken(take: (pattern: RegExp) => string | null): SearchToken | null {
  const quoted = take(QUOTED);
  if (quoted !== null) return { kind: 'text', text: quoted, value: unquote(quoted) };
  const number = take(NUMBER);
  if (number !== null) return { kind: 'number', text: number, value: Number(number) };
  const comparator = take(COMPARATOR);
  if (comparator !== null) return { kind: 'comparator', text: comparator === '<>' ? '!=' : comparator };
  const mark = take(MARK);
  return mark === null ? null : { kind: 'mark', text: mark as '(' | ')' | ',' };
}

/** A part may be quoted where it holds blanks or dots: metrics.`val loss`. */
function takeName(take: (pattern: RegExp) => string | null, takeDot: () => boolean): SearchToken | null {
  const parts: string[] = [];
  let text = '';
  for (;;) {
    const part = take(NAME_PART);
    if (part === null) return null;
    parts.push(/^[`'"]/.test(part) ? part.slice(1, -1) : part);
    text += part;
    if (!takeDot()) return { kind: 'name', text, parts };
    text += '.';
  }
}

function unquote(quoted: string): string {
  const quote = quoted[0]!;
  return quoted.slice(1, -1).replaceAll(quote + quote, quote);
}
