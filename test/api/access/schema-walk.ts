/** Operations drawn from the schema itself: one a field of Query, Mutation and Subscription, with arguments of the right types. */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
} from 'graphql';
import { FIELD_ACCESS } from '../../../apps/api/src/access/field-access.ts';
import type { Need } from '../../../apps/api/src/access/need.ts';
import type { AccessBench } from './access-bench.ts';

export type RootKind = keyof typeof FIELD_ACCESS;
export type WalkedField = {
  kind: RootKind;
  name: string;
  need: Need | undefined;
  field: GraphQLField<unknown, unknown>;
};

export function listRootFields(schema: GraphQLSchema): WalkedField[] {
  return (Object.keys(FIELD_ACCESS) as RootKind[]).flatMap((kind) =>
    Object.values((schema.getType(kind) as GraphQLObjectType).getFields()).map((field) => ({
      kind,
      name: field.name,
      need: FIELD_ACCESS[kind][field.name],
      field,
    })),
  );
}

/** A document of this field alone whose arguments name the records in `ids`. */
export function writeOperation({ kind, field, need }: WalkedField, ids: AccessBench['mine']) {
  const subjects = need?.kind === 'ACT' ? need.subjects : [];
  const nounAt = new Map(subjects.map(({ noun, at }) => [at, noun]));
  const draw = (type: GraphQLInputType, path: string): unknown => {
    const noun = nounAt.get(path);
    const nullable = getNullableType(type);
    if (isListType(nullable)) return [draw(nullable.ofType, path)];
    if (noun) return ids[noun];
    if (isInputObjectType(nullable)) {
      const given = Object.values(nullable.getFields()).flatMap((inner) => {
        const at = `${path}.${inner.name}`;
        const isNeeded = isNonNullType(inner.type) && inner.defaultValue === undefined;
        return isNeeded || leadsToSubject(at) ? [[inner.name, draw(inner.type, at)] as const] : [];
      });
      return Object.fromEntries(given);
    }
    if (isEnumType(nullable)) return nullable.getValues()[0]!.name;
    return drawLeaf(nullable.toString());
  };
  const leadsToSubject = (path: string) =>
    [...nounAt.keys()].some((at) => at === path || at.startsWith(`${path}.`));
  const args = field.args.filter(
    ({ name, type, defaultValue }) =>
      (isNonNullType(type) && defaultValue === undefined) || leadsToSubject(name),
  );
  const heads = args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  const given = args.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    document: `${kind.toLowerCase()} Walk${heads && `(${heads})`} { ${field.name}${given && `(${given})`}${selection} }`,
    variables: Object.fromEntries(args.map(({ name, type }) => [name, draw(type, name)])),
  };
}

function drawLeaf(typeName: string): unknown {
  if (typeName === 'Int' || typeName === 'Float') return 1;
  if (typeName === 'Boolean') return true;
  if (typeName === 'ID') return crypto.randomUUID();
  return typeName === 'JSON' ? {} : 'walk';
}
