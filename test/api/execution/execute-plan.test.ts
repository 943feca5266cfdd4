/**
 * Queries by their plans beside graphql-js, the reference: over operations drawn at random from a schema whose fields come at once or
 * later, are null, fail, or may not lack what they lack, the data is the same, and so is what is said of it.
 */
import fc from 'fast-check';
import { buildSchema, type ExecutionResult, execute, type GraphQLSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createQueryAnswering } from '../../../apps/api/src/execution/answer-queries.ts';

const SCHEMA = `
  interface Named { name: String }
  type Query { node: Node late: Node! nodes: [Node!] loose: [Node] any: Any anys: [Any!]! named: Named text(of: String, times: Int! = 2): String }
  type Node implements Named { id: ID! name: String fails: String rejects: Int lacks: String! lacksLater: String! rejectsHard: Int!
    node: Node late: Node nodes: [Node!]! loose: [Node] holes: [Int] grid: [[Int!]] wrong: Int any: Any named: Named! text(of: String, times: Int! = 2): String }
  type Leaf implements Named { name: String value: Float! }
  union Any = Node | Leaf`;

const soon = <Value>(value: Value) => Promise.resolve().then(() => value);
const fail = (text: string) => {
  throw new Error(text);
};

/** What a field of either type gives, by its name. */
const GIVEN: Record<string, (args: { of?: string; times?: number }) => unknown> = {
  id: () => 7,
  name: () => soon('a name'),
  fails: () => fail('it fails'),
  rejects: () => Promise.reject(new Error('it is refused')),
  lacks: () => null,
  lacksLater: () => soon(undefined),
  rejectsHard: () => Promise.reject(new Error('it is refused hard')),
  node: () => ({}),
  late: () => soon({}),
  nodes: () => [{}, soon({}), {}],
  loose: () => soon([{}, null, soon(null), new Error('an entry fails')]),
  holes: () => [1, null, soon(3), 'four'],
  grid: () => [[1, 2], null, [3, null], soon([4])],
  wrong: () => 'no number',
  any: () => soon({ __typename: 'Leaf' }),
  anys: () => [{ __typename: 'Node' }, { __typename: 'Leaf' }],
  named: () => ({ __typename: 'Node' }),
  value: () => 0.5,
  text: ({ of, times = 0 }) => (of ?? '-').repeat(times),
};

function openSchema(): GraphQLSchema {
  const schema = buildSchema(SCHEMA);
  for (const name of ['Query', 'Node', 'Leaf']) {
    const type = schema.getType(name);
    if (!type || !('getFields' in type)) throw new Error(`There is no ${name}.`);
    for (const [key, field] of Object.entries(type.getFields())) {
      if ('resolve' in field) field.resolve = (_source: unknown, args: object) => GIVEN[key]!(args);
    }
  }
  return schema;
}

const schema = openSchema();
const answer = createQueryAnswering(schema);
const LEAVES = [
  'id',
  'name',
  'fails',
  'rejects',
  'holes',
  'grid',
  'wrong',
  'text',
  'x: text(of: "b", times: 3)',
  '__typename',
];
const LACKING = ['lacks', 'lacksLater', 'rejectsHard'];
const OBJECTS = ['node', 'late', 'nodes', 'loose'];

function drawSelection(leaves: readonly string[], depth: number): fc.Arbitrary<string> {
  const leaf = fc.constantFrom(...leaves);
  if (depth === 0)
    return fc.array(leaf, { minLength: 1, maxLength: 4 }).map((fields) => `{ ${fields.join(' ')} }`);
  const inner = drawSelection(leaves, depth - 1);
  const objects = fc.tuple(fc.constantFrom(...OBJECTS), inner).map((parts) => parts.join(' '));
  const any = inner.map((text) => `any { ... on Leaf { value name } ... on Node ${text} }`);
  const named = inner.map((text) => `named { name ...Some ... on Node ${text} }`);
  const field = fc.oneof({ weight: 3, arbitrary: leaf }, { weight: 3, arbitrary: objects }, any, named);
  return fc.array(field, { minLength: 1, maxLength: 4 }).map((fields) => `{ ${fields.join(' ')} }`);
}

const drawDocument = (leaves: readonly string[]) =>
  drawSelection(leaves, 2).map(
    (text) => `query ($times: Int! = 4) { node ${text} late ${text} nodes ${text} text(of: "c", times: $times)
      anys { __typename ... on Named { name } ... on Node { ...Some id } } } fragment Some on Named { __typename name ... on Node { id node { id } } }`,
  );

async function askBoth(text: string, variables = {}) {
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const theirs = (await execute({
    schema,
    document,
    variableValues: variables,
    contextValue: {},
  })) as ExecutionResult;
  const ours = await answer({ document, operationName: null, variables, contextValue: {} });
  if (!ours) throw new Error(`It has no plan: ${text}`);
  return { ours, theirs };
}

const asJson = (value: unknown) => JSON.parse(JSON.stringify(value ?? null)) as unknown;
const listErrors = ({ errors = [] }: ExecutionResult) =>
  errors.map(({ message, path, locations }) => JSON.stringify([path, message, locations])).sort();

describe('a query by its plan', () => {
  it('answers as graphql-js does, errors and their places included', async () => {
    await fc.assert(
      fc.asyncProperty(drawDocument(LEAVES), async (text) => {
        const { ours, theirs } = await askBoth(text);
        expect(asJson(ours.data)).toEqual(asJson(theirs.data));
        expect(listErrors(ours)).toEqual(listErrors(theirs));
      }),
      { numRuns: 60, seed: 1 },
    );
  });

  it('is null as far up as graphql-js has it, where something lacks that may not', async () => {
    await fc.assert(
      fc.asyncProperty(drawDocument([...LEAVES, ...LACKING]), async (text) => {
        const { ours, theirs } = await askBoth(text);
        expect(asJson(ours.data)).toEqual(asJson(theirs.data));
        // Which of several that fail together is named, is for whoever answers.
        expect(ours.errors !== undefined).toBe(theirs.errors !== undefined);
      }),
      { numRuns: 60, seed: 2 },
    );
  });

  it('keeps the order of its keys, and arguments apart', async () => {
    const { ours, theirs } = await askBoth(
      'query ($of: String) { late { name id } a: text b: text(of: $of) c: text(of: "x") node { id } }',
      {
        of: 'y',
      },
    );
    expect(JSON.stringify(ours.data)).toBe(JSON.stringify(theirs.data));
  });

  it.each([
    'query ($yes: Boolean = true) { text @include(if: $yes) }',
    '{ __schema { queryType { name } } }',
    '{ __proto__: text }',
    'query A { text } query B { text }',
  ])('is left to graphql-js where it is %s', (text) => {
    expect(
      answer({ document: parse(text), operationName: null, variables: {}, contextValue: {} }),
    ).toBeNull();
  });
});
