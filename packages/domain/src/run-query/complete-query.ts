/** What may come next in a line that is typed: fields, operators and words of the grammar; names of records are for the store. */
import { parseRunQuery } from './parse-query.ts';
import { type Expected, QueryError, type TextRange } from './query-error.ts';
import { tokenize } from './query-tokens.ts';
import {
  FIGURE_NAMES,
  FIGURE_SUBSETS,
  KNOWN_HYPERPARAMETERS,
  RUN_COLUMNS,
  type RunField,
  typeOfField,
  wordsOfField,
} from './run-field.ts';

type CompletionKind = 'FIELD' | 'OPERATOR' | 'VALUE' | 'WORD';
/** `text` takes the place of the range; `about` says what it is. */
export type QueryCompletion = { text: string; kind: CompletionKind; about: string };

/** What is typed so far at this place, and what it may become. */
type QueryGap = { range: TextRange; typed: string; expected: Expected; known: QueryCompletion[] };

const FUNCTIONS: readonly [text: string, about: string][] = [
  ['best(', 'The best number of a series, by what is good of its metric.'],
  ['last(', 'The newest number of a series.'],
  ['any(', 'A number of a series at any epoch.'],
  ['min(', 'The smallest number of a series.'],
  ['max(', 'The largest number of a series.'],
  ['at(', 'The number of a series at one epoch: at(train.loss, 5), at(train.loss, best).'],
  ['low(', 'The lower end of the 95 % interval of a figure.'],
  ['high(', 'The upper end of the 95 % interval of a figure.'],
  ['param(', 'A hyperparameter of another program.'],
  ['tag(', 'Of a tag such as person:ada, what stands behind its key: tag(person).'],
];
const SIZES = ['<', '<=', '>', '>='];

/** Null where nothing can be said: what stands before the place is wrong. */
export function findQueryGap(line: string, at: number): QueryGap | null {
  const before = line.slice(0, Math.max(0, Math.min(at, line.length)));
  const { from, typed } = findTyped(before);
  const expected = expectAfter(before.slice(0, from));
  if (!expected) return null;
  const begins = typed.toLowerCase();
  const known = listKnown(expected).filter(({ text }) => text.toLowerCase().startsWith(begins));
  return { range: { from, to: before.length }, typed, expected, known };
}

/** The piece at the end that is not finished: a word or number without a blank behind it, or a text without its closing mark. */
function findTyped(before: string): { from: number; typed: string } {
  try {
    const last = tokenize(before).at(-2);
    const isOpen = last && last.to === before.length && last.kind !== 'SIGN' && last.kind !== 'TEXT';
    return isOpen ? { from: last.from, typed: last.text } : { from: before.length, typed: '' };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const { from } = error.range;
    const isText = before[from] === '"' || before[from] === "'";
    return isText ? { from, typed: before.slice(from + 1) } : { from: before.length, typed: '' };
  }
}

function expectAfter(before: string): Expected | null {
  try {
    return parseRunQuery(before) === null ? { kind: 'CONDITION' } : { kind: 'WORDS', words: ['and', 'or'] };
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    return error.range.from >= before.trimEnd().length ? error.expected : null;
  }
}

function listKnown(expected: Expected): QueryCompletion[] {
  switch (expected.kind) {
    case 'CONDITION':
      return [...listFields(), ...listWords(['patient', 'not', '('])];
    case 'FIELD':
      return listFields();
    case 'FIGURE':
      return listFigures();
    case 'OPERATOR':
      return listOperators(expected.field);
    case 'VALUE':
      return wordsOfField(expected.field).map((text) => ({ text, kind: 'VALUE', about: '' }));
    case 'WORDS':
      return listWords(expected.words);
    default:
      return [];
  }
}

function listFields(): QueryCompletion[] {
  const columns = Object.entries(RUN_COLUMNS).map(([text, { about }]) => ({ text, about }));
  const hyperparameters = [...KNOWN_HYPERPARAMETERS].map(([text, { description = '' }]) => ({
    text,
    about: description,
  }));
  const functions = FUNCTIONS.map(([text, about]) => ({ text, about }));
  return [
    ...[...columns, ...hyperparameters].map((field) => ({ ...field, kind: 'FIELD' as const })),
    ...listFigures(),
    ...functions.map((field) => ({ ...field, kind: 'FIELD' as const })),
  ];
}

function listFigures(): QueryCompletion[] {
  return FIGURE_SUBSETS.flatMap((subset) =>
    FIGURE_NAMES.map((name) => ({
      text: `${subset.toLowerCase()}.${name}`,
      kind: 'FIELD' as const,
      about: `A figure of the evaluation on ${subset}.`,
    })),
  );
}

function listOperators(field: RunField): QueryCompletion[] {
  const type = typeOfField(field);
  const isText = type === 'TEXT' || type === 'NOUN' || type === 'ANY';
  const hasSize = type === 'NUMBER' || type === 'DURATION' || type === 'TIME' || type === 'ANY';
  const signs =
    type === 'TAGS'
      ? ['has', 'has all (', 'has any (', 'has none (']
      : [
          ...(type === 'TIME' ? [] : ['=', '!=']),
          ...(hasSize ? SIZES : []),
          ...(isText ? ['~', '!~', 'like'] : []),
          ...(type === 'TIME' || type === 'FLAG' ? [] : ['in (', 'not in (']),
        ];
  return [...signs, 'is empty', 'is not empty'].map((text) => ({ text, kind: 'OPERATOR', about: '' }));
}

function listWords(words: readonly string[]): QueryCompletion[] {
  return words.map((text) => ({ text, kind: 'WORD', about: '' }));
}
