/**
 * Operations drawn from the schema itself. Half of them give one place a hostile value and every other place a sound one,
 * so that it reaches what reads it; the others give any argument a value that is mostly sound, and select some levels down.
 */
import fc, { type GeneratorValue } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import type { KnownIds } from './fuzz-bench.ts';
import { writeRawNumbers } from './hostile-values.ts';
import { drawHostile, drawSound } from './input-values.ts';
import { listPlaces, listRoots, type Place, type RootKind, type Step } from './schema-places.ts';

export type Operation = {
  kind: RootKind;
  /** As in `Query.runs`. */
  root: string;
  /** The coordinates of the places that got a hostile value. */
  hostile: readonly string[];
  body: string;
};

type Drawing = {
  g: GeneratorValue;
  schema: GraphQLSchema;
  known: KnownIds;
  types: string[];
  values: Record<string, unknown>;
  hostile: Set<string>;
  /** The only place that gets a hostile value; without it any may. */
  target: Place | null;
};

/** Where a value stands: below which argument of which field. */
type Spot = { fieldName: string; coordinate: string; path: readonly string[]; depth: number };

const DEEPEST = 4;
const FIELDS_MAX = 5;
const share = () => fc.integer({ min: 1, max: 100 });

/** One for each root field without arguments, and one for each place: each seed gives other values. */
export function drawEach(schema: GraphQLSchema, known: KnownIds): fc.Arbitrary<Operation>[] {
  const bare = listRoots(schema).filter(({ step }) => step.field.args.length === 0);
  return [
    ...bare.map((root) => fc.gen().map((g) => wander(g, root, { schema, known }))),
    ...listPlaces(schema).map((target) => drawAt(schema, known, target)),
  ];
}

/**
 * Half begin at a root field and half aim at a place; every field, and every place, is as likely as the others. Each draws
 * from a generator of its own: one that is kept remembers every builder that it was given.
 */
export function drawOperations(schema: GraphQLSchema, known: KnownIds): fc.Arbitrary<Operation> {
  const wandering = fc
    .constantFrom(...listRoots(schema))
    .chain((root) => fc.gen().map((g) => wander(g, root, { schema, known })));
  const targeted = fc.constantFrom(...listPlaces(schema)).chain((target) => drawAt(schema, known, target));
  return fc.oneof(wandering, targeted);
}

function wander(
  g: GeneratorValue,
  { kind, step }: { kind: RootKind; step: Step },
  from: { schema: GraphQLSchema; known: KnownIds },
): Operation {
  const drawing = begin(g, { ...from, target: null });
  return end(drawing, { kind, root: step, text: writeField(drawing, step, 0) });
}

function drawAt(schema: GraphQLSchema, known: KnownIds, target: Place): fc.Arbitrary<Operation> {
  const root = target.way[0]!;
  const kind = listRoots(schema).find(({ step }) => step.on === root.on)!.kind;
  return fc.gen().map((g) => {
    const drawing = begin(g, { schema, known, target });
    return end(drawing, { kind, root, text: writeWay(drawing, target.way, 0) });
  });
}

function begin(
  g: GeneratorValue,
  from: { schema: GraphQLSchema; known: KnownIds; target: Place | null },
): Drawing {
  return { ...from, g, types: [], values: {}, hostile: new Set() };
}

function end(
  { types, values, hostile }: Drawing,
  { kind, root, text }: { kind: RootKind; root: Step; text: string },
): Operation {
  const query = `${kind}${types.length > 0 ? ` (${types.join(', ')})` : ''} { ${text} }`;
  const body = writeRawNumbers(JSON.stringify({ query, variables: values }));
  return { kind, root: `${root.on.name}.${root.field.name}`, hostile: [...hostile], body };
}

/** Field below field to the one that is aimed at, and from there at random. */
function writeWay(drawing: Drawing, way: readonly Step[], depth: number): string {
  const [step, next] = [way[depth]!, way[depth + 1]];
  if (!next) return writeField(drawing, step, depth);
  const below = writeWay(drawing, way, depth + 1);
  const inner = isAbstractType(getNamedType(step.field.type)) ? `... on ${next.on.name} { ${below} }` : below;
  return `${writeHead(drawing, step, depth)} { ${inner} }`;
}

function writeField(drawing: Drawing, step: Step, depth: number): string {
  const head = writeHead(drawing, step, depth);
  return `${head}${writeSelection(drawing, getNamedType(step.field.type).name, depth)}`;
}

function writeHead(drawing: Drawing, step: Step, depth: number): string {
  const { name, args } = step.field;
  const given = args.flatMap((argument) => writeArgument(drawing, { step, argument, depth }));
  return given.length > 0 ? `${name}(${given.join(', ')})` : name;
}

function writeSelection(drawing: Drawing, typeName: string, depth: number): string {
  const { g, schema } = drawing;
  const type = schema.getType(typeName)!;
  if (!isCompositeType(type)) return '';
  if (isAbstractType(type)) {
    const parts = schema
      .getPossibleTypes(type)
      .map(({ name }) => `... on ${name}${writeSelection(drawing, name, depth + 1)}`);
    return ` { __typename ${parts.join(' ')} }`;
  }
  const usable = Object.values(type.getFields()).filter(
    ({ type: below }) => depth < DEEPEST || !isCompositeType(getNamedType(below)),
  );
  if (usable.length === 0) return ' { __typename }';
  const fields = g(() => fc.uniqueArray(fc.constantFrom(...usable), { minLength: 1, maxLength: FIELDS_MAX }));
  const isConnection = typeName.endsWith('Connection') && depth < DEEPEST;
  const chosen = isConnection ? [type.getFields().edges!, ...fields] : fields;
  const texts = chosen.map(
    (field: GraphQLField<unknown, unknown>, at) =>
      `f${at}: ${writeField(drawing, { on: type, field }, depth + 1)}`,
  );
  return ` { __typename ${texts.join(' ')} }`;
}

function writeArgument(
  drawing: Drawing,
  { step, argument, depth }: { step: Step; argument: GraphQLArgument; depth: number },
): string[] {
  const { types, values } = drawing;
  const coordinate = `${step.on.name}.${step.field.name}(${argument.name}:)`;
  const spot = { fieldName: step.field.name, coordinate, path: [argument.name], depth };
  const isRequired = isNonNullType(argument.type) && argument.defaultValue === undefined;
  // Below the root most are left out, else few operations would get past all of them.
  if (!isGiven(drawing, spot, { isRequired, percent: depth === 0 ? 50 : 15 })) return [];
  const name = `v${types.length}`;
  types.push(`$${name}: ${argument.type}`);
  values[name] = drawValue(drawing, argument.type, spot);
  return [`${argument.name}: $${name}`];
}

function isGiven(
  drawing: Drawing,
  spot: Spot,
  { isRequired, percent }: { isRequired: boolean; percent: number },
): boolean {
  const { g, target } = drawing;
  // Without an id, what is asked for is mostly nothing.
  if (target) return isRequired || spot.path.at(-1) === 'id' || leadsTo(target, spot);
  return g(share) <= (isRequired ? 99 : percent);
}

/** Whether the target is this spot, or below it. */
function leadsTo({ way, path }: Place, spot: Spot): boolean {
  const isSameField = way.length - 1 === spot.depth && way.at(-1)!.field.name === spot.fieldName;
  return isSameField && spot.path.every((name, at) => name === path[at]);
}

function drawValue(drawing: Drawing, type: GraphQLInputType, spot: Spot): unknown {
  const { g, known, hostile, target } = drawing;
  if (isNonNullType(type)) return drawValue(drawing, type.ofType, spot);
  const isTarget = target !== null && leadsTo(target, spot) && target.path.length === spot.path.length;
  const named = getNamedType(type);
  const isHostile = target ? isTarget : g(share) > (isInputObjectType(named) || isListType(type) ? 95 : 75);
  if (isHostile) {
    hostile.add(spot.coordinate);
    return drawHostile(g, type);
  }
  if (isListType(type)) {
    const length = g(() => fc.integer({ min: target ? 1 : 0, max: 3 }));
    return Array.from({ length }, () => drawValue(drawing, type.ofType, spot));
  }
  if (!isInputObjectType(type))
    return drawSound(g, type, { known, name: spot.path.at(-1)!, fieldName: spot.fieldName });
  const fields = Object.values(type.getFields()).flatMap((field) => {
    const below = { ...spot, coordinate: `${type.name}.${field.name}`, path: [...spot.path, field.name] };
    const isRequired = isNonNullType(field.type) && field.defaultValue === undefined;
    // Rarer the deeper it lies: a filter may hold filters, which would go on for ever.
    const percent = 40 >> (spot.path.length - 1);
    if (!isGiven(drawing, below, { isRequired, percent })) return [];
    return [[field.name, drawValue(drawing, field.type, below)] as const];
  });
  return Object.fromEntries(fields);
}
