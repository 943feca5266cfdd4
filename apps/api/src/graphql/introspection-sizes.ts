/** How long the lists of introspection are: counted from the schema itself, the lists within a type as their mean. */
import { type GraphQLSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';

const known = new WeakMap<GraphQLSchema, Readonly<Record<string, number>>>();

/** `__Type.field` → entries. */
export function measureIntrospection(schema: GraphQLSchema): Readonly<Record<string, number>> {
  const measured = known.get(schema) ?? measure(schema);
  known.set(schema, measured);
  return measured;
}

function measure(schema: GraphQLSchema): Readonly<Record<string, number>> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const inputFields = types.flatMap((type) =>
    isInputObjectType(type) ? Object.values(type.getFields()) : [],
  );
  const enumValues = types.flatMap((type) => (isEnumType(type) ? type.getValues() : []));
  return {
    '__Schema.types': types.length,
    '__Schema.directives': schema.getDirectives().length,
    '__Directive.args': 1,
    '__Field.args': fields.flatMap(({ args }) => args).length / fields.length,
    '__Type.fields': fields.length / types.length,
    '__Type.inputFields': inputFields.length / types.length,
    '__Type.enumValues': enumValues.length / types.length,
    '__Type.interfaces': 1,
    '__Type.possibleTypes': 1,
  };
}
