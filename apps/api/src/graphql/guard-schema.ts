/**
 * Holds every field of the schema to the tables of access/: a field of Query, Mutation or Subscription to its line, an object to
 * the project that it belongs to. Without accounts nothing is asked. What no table knows is refused to everybody who signs in.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { FIELD_ACCESS } from '../access/field-access.ts';
import { requireNeed } from '../access/judge-need.ts';
import type { Need } from '../access/need.ts';
import { KEPT, PARTS, readEntryType } from '../access/type-access.ts';
import { nameActingPerson } from './acting-person.ts';
import type { ApiContext } from './context.ts';
import { recordChange } from './record-change.ts';
import { keepVisible, keepVisibleEvents } from './visible-values.ts';

type Resolver = GraphQLFieldResolver<unknown, ApiContext>;
type Field = GraphQLField<unknown, ApiContext>;

export function guardSchema(schema: GraphQLSchema): GraphQLSchema {
  for (const [kind, fields] of Object.entries(FIELD_ACCESS)) {
    const root = schema.getType(kind);
    if (!isObjectType(root)) continue;
    for (const field of Object.values(root.getFields()))
      guardRootField(field, { kind, need: fields[field.name] });
  }
  const roots = Object.keys(FIELD_ACCESS);
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) guardValue(field);
    if (!roots.includes(type.name) && !isListed(type.name)) refuseType(type);
  }
  return schema;
}

/** What is in the schema and in no table: `Query.name` or the name of a type. */
export function listUnlisted(schema: GraphQLSchema): string[] {
  const fields = Object.entries(FIELD_ACCESS).flatMap(([kind, listed]) => {
    const root = schema.getType(kind);
    return isObjectType(root)
      ? Object.keys(root.getFields()).flatMap((name) => (name in listed ? [] : [`${kind}.${name}`]))
      : [];
  });
  const roots = Object.keys(FIELD_ACCESS);
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => isObjectType(type) && !type.name.startsWith('__') && !roots.includes(type.name),
  );
  return [...fields, ...types.map(({ name }) => name).filter((name) => !isListed(name))];
}

function isListed(typeName: string): boolean {
  const entry = readEntryType(typeName);
  return entry in KEPT || PARTS.has(entry);
}

function guardRootField(field: Field, { kind, need }: { kind: string; need: Need | undefined }): void {
  const { resolve, subscribe } = field;
  const require = (args: Record<string, unknown>, { access, projects }: ApiContext) =>
    requireNeed({ principal: access.principal, need, named: args, projects });
  if (subscribe) {
    field.subscribe = async (source, args, context, info) => {
      if (context.access.principal.kind === 'LOCAL') return subscribe(source, args, context, info);
      await require(args, context);
      const events = await subscribe(source, args, context, info);
      return keepVisibleEvents(events as AsyncIterable<unknown>, {
        context,
        typeName: getNamedType(field.type).name,
      });
    };
    return;
  }
  if (!resolve) return;
  field.resolve = async (source, args, context, info) => {
    if (context.access.principal.kind === 'LOCAL') return resolve(source, args, context, info);
    if (kind !== 'Mutation') {
      await require(args, context);
      return resolve(source, args, context, info);
    }
    const acted = nameActingPerson(field, args, context.access.principal);
    return recordChange({
      field,
      need,
      args: acted,
      context,
      permit: () => require(args, context),
      perform: () => resolve(source, acted, context, info),
    });
  };
}

/** What a field gives is held to its type, whichever field gave it. */
function guardValue(field: Field): void {
  const { resolve } = field;
  const named = getNamedType(field.type);
  if (!resolve || !(isObjectType(named) || isUnionType(named))) return;
  const { name } = named;
  if (!(readEntryType(name) in KEPT) || name.endsWith('Edge')) return;
  const guarded: Resolver = (source, args, context, info) => {
    const value = resolve(source, args, context, info);
    return context.access.projectIds === null
      ? value
      : keepVisible(value, { context, typeName: name, field });
  };
  field.resolve = guarded;
}

function refuseType(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    const { resolve } = field;
    field.resolve = (source, args, context: ApiContext, info) => {
      if (context.access.principal.kind !== 'LOCAL') {
        throw new AppError('FORBIDDEN', `No role may see '${type.name}' yet.`);
      }
      return resolve
        ? resolve(source, args, context, info)
        : (source as Record<string, unknown> | null)?.[field.name];
    };
  }
}
