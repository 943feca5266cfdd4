/**
 * Every place of a schema where a client gives a value (an argument, a field below one), each with the shortest way to it
 * from a root.
 */
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  isObjectType,
} from 'graphql';

/** A field, and the type that has it. */
export type Step = { on: GraphQLObjectType; field: GraphQLField<unknown, unknown> };

export type Place = {
  /** As in `Run.metrics(names:)` and `RunFilter.search`. */
  coordinate: string;
  /** From the root to the field that has the argument. */
  way: readonly Step[];
  /** The argument, and what follows below it. */
  path: readonly string[];
  type: GraphQLInputType;
};

export type RootKind = 'query' | 'mutation' | 'subscription';

export function listRoots(schema: GraphQLSchema): { kind: RootKind; step: Step }[] {
  const roots = [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
    ['subscription', schema.getSubscriptionType()],
  ] as const;
  return roots.flatMap(([kind, on]) =>
    on ? Object.values(on.getFields()).map((field) => ({ kind, step: { on, field } })) : [],
  );
}

/** The same input type below two arguments is two places. */
export function listPlaces(schema: GraphQLSchema): Place[] {
  return listWays(schema).flatMap((way) => {
    const { on, field } = way.at(-1)!;
    return field.args.flatMap(({ name, type }) =>
      listBelow({ coordinate: `${on.name}.${field.name}(${name}:)`, way, path: [name], type }),
    );
  });
}

/** An input type within itself, such as a filter under `not`, is one place: what is below it was seen above it. */
function listBelow(place: Place, above: readonly string[] = []): Place[] {
  const type = getNamedType(place.type);
  if (!isInputObjectType(type) || above.includes(type.name)) return [place];
  const below = Object.values(type.getFields()).flatMap((field) =>
    listBelow(
      {
        ...place,
        coordinate: `${type.name}.${field.name}`,
        path: [...place.path, field.name],
        type: field.type,
      },
      [...above, type.name],
    ),
  );
  return [place, ...below];
}

/** To each field of each object type, breadth first. */
function listWays(schema: GraphQLSchema): Step[][] {
  const waiting: Step[][] = listRoots(schema).map(({ step }) => [step]);
  const reached = new Set<string>();
  const ways: Step[][] = [];
  for (let way = waiting.shift(); way; way = waiting.shift()) {
    ways.push(way);
    const type = getNamedType(way.at(-1)!.field.type);
    const objects = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
    for (const on of objects) {
      if (reached.has(on.name)) continue;
      reached.add(on.name);
      for (const field of Object.values(on.getFields())) waiting.push([...way, { on, field }]);
    }
  }
  return ways;
}
