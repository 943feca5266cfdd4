/** The names of fields in a line: `architecture`, `lr`, `param("x")`, `last(train.loss)`, `at(train.loss, 5)`, `low(test.auc)`. */
import { type Expected, QueryError } from './query-error.ts';
import type { Token } from './query-tokens.ts';
import {
  FIELD_ALIASES,
  FIGURE_NAMES,
  isRunColumn,
  KNOWN_HYPERPARAMETERS,
  RUN_COLUMNS,
  type RunField,
  type RunFigure,
} from './run-field.ts';
import { shorten, type TokenReader } from './token-reader.ts';

const PICKS = { last: 'LAST', best: 'BEST', min: 'MIN', max: 'MAX', any: 'ANY' } as const;
const ENDS = { low: 'LOW', high: 'HIGH' } as const;
/** What brackets hold, and how completion calls it. */
const NAMED = { hyperparameter: 'PARAMETER', series: 'SERIES', key: 'TAG_KEY' } as const;
const EPOCH_MAX = 2_147_483_647;
/** Shorter words are near to too many names; more names than these are no help. */
const NEAR_MIN = 3;
const NEAR_MAX = 3;

/** In any case, as people type them. */
const NAMES = new Map(
  [...Object.keys(RUN_COLUMNS), ...KNOWN_HYPERPARAMETERS.keys(), ...Object.keys(FIELD_ALIASES)].map(
    (name) => [name.toLowerCase(), FIELD_ALIASES[name] ?? name],
  ),
);
const FIGURES = new Map(FIGURE_NAMES.map((name) => [name.toLowerCase(), name]));

/** @throws QueryError */
export function parseField(reader: TokenReader, expected: Expected = { kind: 'FIELD' }): RunField {
  const token = reader.next;
  if (token.kind !== 'WORD') throw reader.refuse('the name of a field is missing', expected);
  const word = token.text.toLowerCase();
  if (reader.isSign('(', 1)) return parseCall(reader, word);
  const field = nameField(word) ?? findFigure(token.text);
  if (!field) throw refuseName(token, expected);
  reader.take();
  return field;
}

/** A figure of an evaluation, or an end of its interval. @throws QueryError */
export function parseFigure(reader: TokenReader): RunFigure {
  const word = reader.next.text.toLowerCase();
  if (reader.next.kind === 'WORD' && isEnd(word) && reader.isSign('(', 1)) {
    return parseEnd(reader, word);
  }
  const figure = reader.next.kind === 'WORD' ? findFigure(reader.next.text) : null;
  if (!figure) throw reader.refuse('a figure such as test.auc is missing', { kind: 'FIGURE' });
  reader.take();
  return figure;
}

function parseCall(reader: TokenReader, word: string): RunField {
  if (isEnd(word)) return parseEnd(reader, word);
  if (word !== 'param' && word !== 'tag' && word !== 'at' && !Object.hasOwn(PICKS, word)) {
    const { from, to, text } = reader.next;
    const sentence = `'${shorten(text)}' is nothing that takes brackets: there are last, best, min, max, any, at, low, high, param and tag.`;
    throw new QueryError(sentence, { from, to });
  }
  reader.take();
  reader.requireSign('(');
  const field = parseNamed(reader, word);
  reader.requireSign(')');
  return field;
}

function parseNamed(reader: TokenReader, word: string): RunField {
  if (word === 'param') return { kind: 'HYPERPARAMETER', name: parseGivenName(reader, 'hyperparameter') };
  if (word === 'tag') return { kind: 'TAG', key: parseGivenName(reader, 'key') };
  const name = parseGivenName(reader, 'series');
  const pick = word === 'at' ? parseEpoch(reader) : PICKS[word as keyof typeof PICKS];
  return { kind: 'SERIES', name, pick };
}

function parseEnd(reader: TokenReader, word: keyof typeof ENDS): RunFigure {
  reader.take();
  reader.requireSign('(');
  const figure = parseFigure(reader);
  reader.requireSign(')');
  return { ...figure, end: ENDS[word] };
}

function parseEpoch(reader: TokenReader): 'AT_BEST' | { epoch: number } {
  reader.requireSign(',');
  if (reader.takeWord('best')) return 'AT_BEST';
  const { kind, value } = reader.next;
  if (kind !== 'NUMBER' || !Number.isInteger(value) || value < 0 || value > EPOCH_MAX) {
    throw reader.refuse('an epoch, or best, is missing', { kind: 'WORDS', words: ['best'] });
  }
  reader.take();
  return { epoch: value };
}

function parseGivenName(reader: TokenReader, noun: keyof typeof NAMED): string {
  const { kind, text } = reader.next;
  if ((kind !== 'WORD' && kind !== 'TEXT') || text === '') {
    throw reader.refuse(`the name of a ${noun} is missing`, { kind: NAMED[noun] });
  }
  reader.take();
  return text;
}

function nameField(word: string): RunField | null {
  const name = NAMES.get(word);
  if (name === undefined) return null;
  return isRunColumn(name) ? { kind: 'COLUMN', name } : { kind: 'HYPERPARAMETER', name };
}

function isEnd(word: string): word is keyof typeof ENDS {
  return Object.hasOwn(ENDS, word);
}

function findFigure(text: string): RunFigure | null {
  const [, subset = '', rest = ''] = /^(validation|test)\.(.+)$/i.exec(text) ?? [];
  const name = FIGURES.get(rest.toLowerCase());
  return name
    ? { kind: 'FIGURE', subset: subset.toUpperCase() as RunFigure['subset'], name, end: 'VALUE' }
    : null;
}

function refuseName({ text, from, to }: Token, expected: Expected): QueryError {
  const shown = shorten(text);
  const near = listNear(text);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}? A` : 'a';
  const sentence = /^(train|validation|test)\./i.test(text)
    ? `'${shown}' is no figure of an evaluation: a series of numbers is asked for as last(${shown}) or best(${shown}).`
    : `'${shown}' is no field of runs: ${hint} hyperparameter of another program is asked for as param(${shown}), a series of numbers as last(${shown}).`;
  return new QueryError(sentence, { from, to }, expected);
}

/** What people write for a field that is there: half of its name, a plural, another spelling, a figure without its subset. */
function listNear(text: string): string[] {
  const figure = FIGURES.get(text.toLowerCase());
  if (figure) return [`validation.${figure}`, `test.${figure}`];
  const word = text.toLowerCase().replace(/[-_]/g, '');
  const same = NAMES.get(word);
  if (same) return [same];
  if (word.length < NEAR_MIN) return [];
  const isNear = (name: string) =>
    name.startsWith(word) || (name.length >= NEAR_MIN && word.startsWith(name));
  return [...new Set([...NAMES].flatMap(([known, name]) => (isNear(known) ? [name] : [])))].slice(
    0,
    NEAR_MAX,
  );
}
