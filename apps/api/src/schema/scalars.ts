/** The scalars in addition to GraphQL's own: moments, free JSON, and whole numbers beyond 32 bits. */
import { AppError } from '@microtome/domain/app-error';
import { Kind, type ValueNode, valueFromASTUntyped } from 'graphql';
import { builder } from '../graphql/builder.ts';

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
  const moment = new Date(String(value));
  if (Number.isNaN(moment.getTime()))
    throw new AppError('BAD_INPUT', `'${value}' is not an ISO 8601 moment.`);
  return moment;
}

function parseWholeNumber(value: unknown): bigint {
  if (typeof value === 'bigint') return value;
  if (/^-?\d{1,40}$/.test(String(value))) return BigInt(String(value));
  throw new AppError('BAD_INPUT', `'${value}' is not a whole number.`);
}
