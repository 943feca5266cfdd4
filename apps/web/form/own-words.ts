/**
 * What a form says of a value that no rule of its own has words for: every form's schema falls back on these, never on the
 * words of the library ("expected number, received NaN").
 */
import type { $ZodErrorMap } from 'zod/v4/core';

const count = (value: number | bigint) => value.toLocaleString('en');

/** Undefined leaves it to the library: no form has such a rule. */
export const describeIssue: $ZodErrorMap = (issue) => {
  switch (issue.code) {
    case 'invalid_type':
      return describeType(issue.expected, issue.input);
    case 'too_small':
      return describeLeast(issue.origin, issue.minimum);
    case 'too_big':
      return issue.origin === 'string'
        ? `At most ${count(issue.maximum)} signs.`
        : `At most ${count(issue.maximum)}${issue.origin === 'array' ? ' of them' : ''}.`;
    case 'invalid_value':
      return `One of ${issue.values.map(String).join(', ')}.`;
    case 'not_multiple_of':
      return `A multiple of ${count(issue.divisor)}.`;
    case 'invalid_format':
      return issue.format === 'url'
        ? 'A whole address, with https:// before it.'
        : 'It is written in another way.';
    case 'invalid_union':
      return 'It is none of what is taken here.';
    default:
      return undefined;
  }
};

function describeType(expected: string, input: unknown): string {
  if (expected === 'number' || expected === 'int')
    return expected === 'int' ? 'A whole number.' : 'A number.';
  return input === undefined || input === null || input === ''
    ? 'Fill this in.'
    : 'It is written in another way.';
}

function describeLeast(origin: string, minimum: number | bigint): string {
  if (origin === 'string') return minimum === 1 ? 'Fill this in.' : `At least ${count(minimum)} signs.`;
  if (origin === 'array')
    return minimum === 1 ? 'Choose one at least.' : `At least ${count(minimum)} of them.`;
  return `At least ${count(minimum)}.`;
}
