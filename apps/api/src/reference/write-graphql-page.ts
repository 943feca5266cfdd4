/** docs/graphql.md: everything that can be read, changed and followed, and every type, in the words of the schema. */
import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type GraphQLType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
  isUnionType,
} from 'graphql';
import { escapeCell, GENERATED, writeTable } from './markdown.ts';

type Field = GraphQLField<unknown, unknown>;

export function writeGraphqlPage(schema: GraphQLSchema): string {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (type) => type != null,
  );
  const others = Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !roots.some(({ name }) => name === type.name))
    .filter((type) => !isSpecifiedScalarType(type));
  return [
    '# GraphQL',
    GENERATED,
    'Asked at `POST /graphql` and, for subscriptions, over WebSocket (graphql-ws). `!` means never null, `[ ]` a list. ' +
      'The schema itself is [schema.graphql](../apps/api/schema.graphql); questions with their queries are in the ' +
      '[cookbook](cookbook.md).',
    ...roots.flatMap((type) => [
      `## ${type.name}`,
      type.description ?? '',
      ...Object.values(type.getFields()).map(writeRootField),
    ]),
    '## Types',
    ...others.flatMap(writeType),
  ].join('\n\n');
}

function writeRootField(field: Field): string {
  const rows = field.args.map(({ name, type, description, defaultValue }) => [
    `\`${name}\``,
    linkType(type),
    escapeCell(description ?? '') +
      (defaultValue === undefined ? '' : ` When left out: \`${JSON.stringify(defaultValue)}\`.`),
  ]);
  return [
    `### ${field.name}`,
    `${field.description ?? ''} Gives ${linkType(field.type)}.`,
    ...(rows.length > 0 ? [writeTable(['argument', 'type', 'meaning'], rows)] : []),
  ].join('\n\n');
}

function writeType(type: GraphQLNamedType): string[] {
  return [`### ${type.name}`, type.description ?? '', ...listParts(type)].filter((part) => part !== '');
}

function listParts(type: GraphQLNamedType): string[] {
  if (isUnionType(type)) return [`One of ${type.getTypes().map(linkType).join(', ')}.`];
  if (isEnumType(type)) {
    const rows = type
      .getValues()
      .map(({ name, description }) => [`\`${name}\``, escapeCell(description ?? '')]);
    return [writeTable(['word', 'meaning'], rows)];
  }
  if (isInputObjectType(type)) {
    const rows = Object.values(type.getFields()).map((field) => [
      `\`${field.name}\``,
      linkType(field.type),
      escapeCell(field.description ?? ''),
    ]);
    return [writeTable(['field', 'type', 'meaning'], rows)];
  }
  if (!isObjectType(type)) return [];
  const rows = Object.values(type.getFields()).map((field) => [
    `\`${field.name}\`${listArguments(field)}`,
    linkType(field.type),
    escapeCell(field.description ?? ''),
  ]);
  return [writeTable(['field', 'type', 'meaning'], rows)];
}

function listArguments({ args }: Field): string {
  return args.length === 0 ? '' : ` (${args.map(({ name, type }) => `\`${name}: ${type}\``).join(', ')})`;
}

/** The type as the schema writes it, leading to its description on this page. */
function linkType(type: GraphQLType): string {
  const named = getNamedType(type);
  const text = `\`${type}\``;
  return isSpecifiedScalarType(named) ? text : `[${text}](#${named.name.toLowerCase()})`;
}
