/**
 * Operations drawn from the schema itself: any root field, any argument and input field, with values that are mostly of
 * the type asked for and now and then hostile, and a selection that goes some levels down.
 */
import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
  isUnionType,
} from 'graphql';
import type { KnownIds } from './fuzz-bench.ts';
import { hostileNumbers, hostileTexts, hostileValues, writeRawNumbers } from './hostile-values.ts';

export type Operation = { root: string; body: string };
type Drawing = { g: GeneratorValue; schema: GraphQLSchema; known: KnownIds; variables: Variables };
type Variables = { types: string[]; values: Record<string, unknown> };

const DEEPEST = 4;
const FIELDS_MAX = 5;
const NAMES = ['a', 'Shallow or deep?', 'detector', 'champion', 'P000', 'sizes'];
const SOUND_JSON = [
  {},
  { epochs: 1 },
  { width: 0.25, epochs: 2 },
  { batchSize: [8, 16] },
  { architecture: 'deep', learningRate: 0.001 },
  { rules: [] },
];
const share = () => fc.integer({ min: 1, max: 100 });

/** Field by field of Query and Mutation, so that every one of them is drawn as often as any other. */
export function drawOperations(schema: GraphQLSchema, known: KnownIds): fc.Arbitrary<Operation> {
  const roots = [schema.getQueryType()!, schema.getMutationType()!].flatMap((type) =>
    Object.values(type.getFields()).map((field) => ({ kind: type.name.toLowerCase(), field })),
  );
  return fc.gen().map((g) => {
    const { kind, field } = g(() => fc.constantFrom(...roots));
    const drawing: Drawing = { g, schema, known, variables: { types: [], values: {} } };
    const text = writeField(drawing, field, 0);
    const { types, values } = drawing.variables;
    const query = `${kind}${types.length > 0 ? ` (${types.join(', ')})` : ''} { ${text} }`;
    const body = writeRawNumbers(JSON.stringify({ query, variables: values }));
    return { root: `${kind} ${field.name}`, body };
  });
}

function writeField(drawing: Drawing, field: GraphQLField<unknown, unknown>, depth: number): string {
  const given = field.args.flatMap((argument) => writeArgument(drawing, argument, depth));
  const head = given.length > 0 ? `${field.name}(${given.join(', ')})` : field.name;
  return `${head}${writeSelection(drawing, getNamedType(field.type).name, depth)}`;
}

function writeSelection(drawing: Drawing, typeName: string, depth: number): string {
  const { g, schema } = drawing;
  const type = schema.getType(typeName)!;
  if (!isCompositeType(type)) return '';
  if (isUnionType(type)) {
    const parts = type
      .getTypes()
      .map(({ name }) => `... on ${name}${writeSelection(drawing, name, depth + 1)}`);
    return ` { __typename ${parts.join(' ')} }`;
  }
  const usable = Object.values(type.getFields()).filter(
    ({ type: below }) => depth < DEEPEST || !isCompositeType(getNamedType(below)),
  );
  if (usable.length === 0) return ' { __typename }';
  const fields = g(() => fc.uniqueArray(fc.constantFrom(...usable), { minLength: 1, maxLength: FIELDS_MAX }));
  const isConnection = isObjectType(type) && typeName.endsWith('Connection') && depth < DEEPEST;
  const chosen = isConnection ? [type.getFields().edges!, ...fields] : fields;
  const texts = chosen.map((field, at) => `f${at}: ${writeField(drawing, field, depth + 1)}`);
  return ` { __typename ${texts.join(' ')} }`;
}

function writeArgument(drawing: Drawing, argument: GraphQLArgument, depth: number): string[] {
  const { g, variables } = drawing;
  const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
  // Below the root most are left out, else few operations would get past all of them.
  if (g(share) > (isRequired ? 99 : depth === 0 ? 50 : 15)) return [];
  const name = `v${variables.types.length}`;
  variables.types.push(`$${name}: ${argument.type}`);
  variables.values[name] = drawValue(drawing, argument.type, argument.name);
  return [`${argument.name}: $${name}`];
}

function drawValue(drawing: Drawing, type: GraphQLInputType, name: string): unknown {
  const { g } = drawing;
  if (isNonNullType(type)) return drawValue(drawing, type.ofType, name);
  if (g(share) > 95) return g(() => hostileValues);
  if (isListType(type)) {
    const length = g(share) > 97 ? 500 : g(() => fc.integer({ min: 0, max: 3 }));
    const values = Array.from({ length: Math.min(length, 3) }, () => drawValue(drawing, type.ofType, name));
    return Array.from({ length }, (_, at) => values[at % values.length]);
  }
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields()).filter(
      (field) => g(share) <= (isNonNullType(field.type) && field.defaultValue === undefined ? 98 : 40),
    );
    return Object.fromEntries(
      fields.map((field) => [field.name, drawValue(drawing, field.type, field.name)]),
    );
  }
  if (isEnumType(type)) return g(() => fc.constantFrom(...type.getValues().map((value) => value.name)));
  return drawScalar(drawing, type.name, name);
}

function drawScalar({ g, known }: Drawing, scalar: string, name: string): unknown {
  const isHostile = g(share) > 70;
  switch (scalar) {
    case 'ID':
      return isHostile ? g(() => hostileTexts) : g(() => fc.constantFrom(...listIds(known, name)));
    case 'Int':
    case 'Float':
      return isHostile ? g(() => hostileNumbers) : g(() => fc.integer({ min: 0, max: 20 }));
    case 'Boolean':
      return g(() => fc.boolean());
    case 'JSON':
      return g(() => (isHostile ? hostileValues : fc.constantFrom<unknown>(...SOUND_JSON)));
    default:
      return g(() => (isHostile ? hostileTexts : fc.constantFrom(...NAMES)));
  }
}

/** Of the kind that the argument names, or, where it does not say, of any. */
function listIds(known: KnownIds, name: string): string[] {
  return known[name.replace(/s$/, '')] ?? Object.values(known).flat();
}
