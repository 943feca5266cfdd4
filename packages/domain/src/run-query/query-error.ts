/**
 * What is wrong with a line of text, and where: the only error that the parser throws. Its sentence names the column, and
 * `expected` says what may stand there, from which completions are made.
 */
import { AppError } from '../app-error.ts';
import type { RunField } from './run-field.ts';

/** What may stand at a place of the line. */
export type Expected =
  | { kind: 'CONDITION' }
  | { kind: 'FIELD' }
  | { kind: 'SERIES' }
  | { kind: 'PARAMETER' }
  | { kind: 'TAG_KEY' }
  | { kind: 'FIGURE' }
  | { kind: 'OPERATOR'; field: RunField }
  | { kind: 'VALUE'; field: RunField }
  | { kind: 'PATIENT' }
  | { kind: 'MODEL' }
  | { kind: 'WORDS'; words: readonly string[] };

/** Half-open, in UTF-16 units from 0. */
export type TextRange = { from: number; to: number };

export class QueryError extends AppError {
  readonly range: TextRange;
  readonly expected: Expected | null;

  constructor(sentence: string, range: TextRange, expected: Expected | null = null) {
    super('BAD_INPUT', `Column ${range.from + 1}: ${sentence}`, {
      details: { column: range.from + 1, from: range.from, to: range.to },
    });
    this.range = range;
    this.expected = expected;
  }
}
