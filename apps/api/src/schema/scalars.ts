/** The scalars in addition to GraphQL's own: moments, free JSON, and whole numbers beyond 32 bits. */
import { AppError } from '@microtome/domain/app-error';
import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { builder } from '../graphql/builder.ts';

const ISO_MOMENT = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d))?$/;
const SHOWN_LENGTH = 60;

builder.scalarType('DateTime', {
  description: 'A moment as ISO 8601 text in UTC, with milliseconds.',
  serialize: (value) => value.toISOString(),
  parseValue: parseMoment,
});

builder.scalarType('JSON', {
  description: 'Any JSON value.',
  serialize: (value) => value,
  parseValue: (value) => value,
  parseLiteral: (node: ValueNode, variables) => valueFromASTUntyped(node, variables),
});

builder.scalarType('BigInt', {
  description: 'A whole number: a JSON number up to 2^53 - 1, text beyond.',
  serialize: (value) => (Number.isSafeInteger(Number(value)) ? Number(value) : String(value)),
  parseValue: parseWholeNumber,
  parseLiteral: (node: ValueNode) =>
    parseWholeNumber(node.kind === Kind.INT || node.kind === Kind.STRING ? node.value : node.kind),
});

function parseMoment(value: unknown): Date {
  const text = typeof value === 'string' && ISO_MOMENT.test(value) ? value : '';
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime()))
    throw new AppError('BAD_INPUT', `${show(value)} is not an ISO 8601 moment of the years 0 to 9999.`);
  return moment;
}

function parseWholeNumber(value: unknown): bigint {
  const isWhole = typeof value === 'string' ? /^-?\d{1,20}$/.test(value) : Number.isSafeInteger(value);
  const whole = isWhole ? BigInt(value as string | number) : null;
  // What a column holds: 64 bits.
  if (whole !== null && BigInt.asIntN(64, whole) === whole) return whole;
  throw new AppError('BAD_INPUT', `${show(value)} is not a whole number of 64 bits.`);
}

function show(value: unknown): string {
  return typeof value === 'string' ? `'${value.slice(0, SHOWN_LENGTH)}'` : `A value of type ${typeof value}`;
}
