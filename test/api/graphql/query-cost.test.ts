import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isObjectType,
  isRequiredInputField,
  Kind,
  type OperationDefinitionNode,
  parse,
} from 'graphql';
import { getIntrospectionQuery } from 'graphql/utilities';
import { describe, expect, it } from 'vitest';
import { measureOperation, refuseOperation } from '../../../apps/api/src/graphql/check-operation.ts';
import { LIST_SIZES } from '../../../apps/api/src/graphql/list-sizes.ts';
import { PAGE_SIZE_ARGUMENTS } from '../../../apps/api/src/graphql/page-size.ts';
import { MAX_COST } from '../../../apps/api/src/graphql/query-limits.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';

const schema = buildSchema();
const root = fileURLToPath(new URL('../../../', import.meta.url));
/** The largest page that the dashboard asks for. */
const LARGEST_PAGE = 500;

const measure = (query: string, variables = {}) =>
  measureOperation({ schema, document: parse(query), variables })?.objects;
const refuse = (query: string, variables = {}) =>
  refuseOperation({ schema, document: parse(query), variables })?.message;

describe('what a query may cost', () => {
  it('multiplies lists inside lists, and counts aliases and fragments', () => {
    const one = measure('{ runs(first: 10) { edges { node { id name } } } }') ?? 0;
    expect(one).toBeCloseTo(1 + 1 + 10 * (1 + 0.2));
    expect(
      measure(
        '{ a: runs(first: 10) { ...P } b: runs(first: 10) { ...P } } fragment P on RunConnection { edges { node { id name } } }',
      ),
    ).toBeCloseTo(2 * one);
    expect(
      measure('{ datasets(first: 10) { edges { node { patients(first: 20) { edges { cursor } } } } } }'),
    ).toBeCloseTo(2 + 10 * (1 + (2 + 20 * 0.1)));
  });

  it('refuses runs of experiments of runs, naming cost, limit and the list', () => {
    const nested =
      '{ runs { edges { node { experiment { runs { edges { node { experiment { runs { edges { node { id } } } } } } } } } } } }';
    expect(refuse(nested)).toMatch(/^The query may answer [\d,]{7} objects/);
    expect(refuse(nested)).toContain(
      `at most ${MAX_COST.toLocaleString('en-US')} are allowed; most of it is runs.edges.node.experiment.runs`,
    );
  });

  it('is counted quickly when fragments name each other many times', () => {
    const chain = Array.from(
      { length: 60 },
      (_, n) => `fragment F${n} on Query { ...F${n + 1} ...F${n + 1} }`,
    );
    expect(refuse(`{ ...F0 } ${chain.join(' ')} fragment F60 on Query { backends { name } }`)).toMatch(
      /may answer/,
    );
  });

  it('takes the size of a page from a variable', () => {
    const query = 'query ($n: Int!) { runs(first: $n) { edges { node { id } } } }';
    expect(measure(query, { n: 1000 })).toBeCloseTo(2 + 1000 * 1.1);
  });

  it('counts introspection by the schema and lets the usual question pass', () => {
    expect(refuse(getIntrospectionQuery())).toBeUndefined();
    const aliases = Array.from(
      { length: 100 },
      (_, n) => `a${n}: __schema { types { fields { name type { name } } } }`,
    );
    expect(refuse(`{ ${aliases.join(' ')} }`)).toMatch(/may answer/);
  });

  it('knows the length of each list that has no page size', () => {
    const lists = Object.values(schema.getTypeMap()).flatMap((type) =>
      isObjectType(type) && !type.name.startsWith('__')
        ? Object.values(type.getFields())
            .filter(
              (field) =>
                field.name !== 'edges' &&
                isListType(getNullableType(field.type)) &&
                !isLeafType(getNamedType(field.type)) &&
                !field.args.some(
                  (arg) => PAGE_SIZE_ARGUMENTS.includes(arg.name) && arg.defaultValue !== undefined,
                ),
            )
            .map((field) => `${type.name}.${field.name}`)
        : [],
    );
    expect(Object.keys(LIST_SIZES).sort()).toEqual(lists.sort());
  });
});

describe('the size of a page', () => {
  it.each([
    ['{ runs(first: 1001) { totalCount } }', "'first' of 'runs' is 1001"],
    ['{ experiments(last: 5000) { totalCount } }', "'last' of 'experiments' is 5000"],
    ['{ datasetImports(first: -1) { id } }', "'first' of 'datasetImports' is -1"],
    ['{ run(id: "x") { events(first: 2000000000) { seq } } }', "'first' of 'events' is 2000000000"],
    [
      '{ dataset(id: "x") { samplePatches(label: 1, count: 1001) { index } } }',
      "'count' of 'samplePatches' is 1001",
    ],
  ])('is refused by one rule: %s', (query, start) => {
    expect(refuse(query)).toBe(`${start}: a page has 0 to 1000 entries.`);
  });
});

describe('what our own programs ask', () => {
  const documents = ['apps/web', 'apps/cli/src', 'docs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.graphql') && !path.includes('node_modules'))
      .map((path) => join(folder, path)),
  );
  const text = documents
    .filter((path) => !path.startsWith('docs'))
    .map((path) => readFileSync(join(root, path), 'utf8'))
    .join('\n');

  it.each(listOperations(text))('%s stays far below the limit', (_name, operation, all) => {
    const cost = measureOperation({
      schema,
      document: { kind: Kind.DOCUMENT, definitions: [operation, ...all] },
      variables: fillVariables(operation),
    });
    if (process.env.SHOW_COST)
      process.stdout.write(`${operation.name?.value} ${cost?.objects} ${cost?.costliest}\n`);
    expect(cost?.objects).toBeGreaterThan(0);
    expect(cost?.objects).toBeLessThan(MAX_COST / 2);
  });
});

function listOperations(text: string) {
  const { definitions } = parse(text);
  const fragments = definitions.filter(({ kind }) => kind === Kind.FRAGMENT_DEFINITION);
  return definitions
    .filter(
      (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
    )
    .map((operation) => [operation.name?.value ?? '', operation, fragments] as const);
}

/** The largest value that the dashboard gives a page size, and any of the right type otherwise. */
function fillVariables({ variableDefinitions = [] }: OperationDefinitionNode): Record<string, unknown> {
  return Object.fromEntries(
    variableDefinitions
      .filter(({ type }) => type.kind === Kind.NON_NULL_TYPE)
      .map(({ variable, type }) => {
        const text = JSON.stringify(type, (key, value) => (key === 'loc' ? undefined : value));
        if (text.includes('ListType')) return [variable.name.value, []];
        if (text.includes('"Int"')) return [variable.name.value, LARGEST_PAGE];
        const named = JSON.stringify(type).match(/"value":"(\w+)"/)?.[1] ?? '';
        return [variable.name.value, fillInput(named)];
      }),
  );
}

/** A value of an input type in which only what is required is given. */
function fillInput(typeName: string): unknown {
  const type = schema.getType(typeName);
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (typeName === 'Int' || typeName === 'Float') return 1;
  if (typeName === 'Boolean') return true;
  if (!isInputObjectType(type)) return 'x';
  return Object.fromEntries(
    Object.values(type.getFields())
      .filter(isRequiredInputField)
      .map((field) => [
        field.name,
        isListType(getNullableType(field.type)) ? [] : fillInput(getNamedType(field.type).name),
      ]),
  );
}
