/**
 * What is wrong with a field of a form is told with the field's name: the walk sends every text of every mutation that forms
 * send, too long for its rule, and the names that are taken already.
 */
import { globSync, readFileSync } from 'node:fs';
import { TEXT_RULES, type TextKind } from '@microtome/domain/text-rules';
import {
  type GraphQLField,
  type GraphQLInputType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isScalarType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTextKind } from '../../../apps/api/src/graphql/typed-text.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

const WEB = new URL('../../../apps/web/', import.meta.url).pathname;
/** Texts whose own parser says more, and lists of a size that no test sends. */
const OTHERWISE: readonly TextKind[] = ['list', 'scores', 'logText'];

type Place = { path: string[]; kind: TextKind };
type Mutation = GraphQLField<unknown, unknown>;

/** Those of the dashboard's documents. */
function listSentMutations(): Mutation[] {
  const documents = globSync(`${WEB}**/*.graphql`, { exclude: (name) => name.includes('node_modules') });
  const text = documents.map((path) => readFileSync(path, 'utf8')).join('\n');
  const sent = new Set([...text.matchAll(/^mutation \w+[^{]*\{\s*(\w+)/gm)].map(([, name]) => name));
  return Object.values(buildSchema().getMutationType()!.getFields()).filter(({ name }) => sent.has(name));
}

function listTexts(mutation: Mutation): Place[] {
  const walk = (
    named: { name: string; type: GraphQLInputType; extensions: Readonly<Record<string, unknown>> },
    above: string[],
  ): Place[] => {
    const path = [...above, named.name];
    const type = getNullableType(named.type);
    if (isInputObjectType(type)) return Object.values(type.getFields()).flatMap((field) => walk(field, path));
    if (isListType(type) && isInputObjectType(getNullableType(type.ofType))) return [];
    const kind = readTextKind(named.extensions) as TextKind | null;
    return kind === null || OTHERWISE.includes(kind) ? [] : [{ path, kind }];
  };
  return mutation.args.flatMap((argument) => walk(argument, []));
}

/** The least that the type takes. */
function fill(type: GraphQLInputType): unknown {
  if (!isNonNullType(type)) return undefined;
  const inner = type.ofType;
  if (isListType(inner)) return [];
  if (isEnumType(inner)) return inner.getValues()[0]!.name;
  if (isInputObjectType(inner))
    return Object.fromEntries(
      Object.values(inner.getFields()).map((field) => [field.name, fill(field.type)]),
    );
  if (isScalarType(inner) && inner.name === 'Int') return 1;
  if (isScalarType(inner) && inner.name === 'Float') return 1;
  if (isScalarType(inner) && inner.name === 'Boolean') return true;
  return isScalarType(inner) && inner.name === 'JSON' ? {} : crypto.randomUUID();
}

/** With a text that is too long for its rule at the place. */
function spoil(mutation: Mutation, { path, kind }: Place): Record<string, unknown> {
  const variables = Object.fromEntries(mutation.args.map(({ name, type }) => [name, fill(type)]));
  const text = 'x'.repeat(TEXT_RULES[kind].maxLength + 1);
  const put = (
    at: Record<string, unknown>,
    fields: readonly { name: string; type: GraphQLInputType }[],
    [first, ...rest]: string[],
  ): void => {
    const type = getNullableType(fields.find(({ name }) => name === first)!.type);
    if (isInputObjectType(type)) {
      const made = Object.values(type.getFields()).map((field) => [field.name, fill(field.type)]);
      at[first!] ??= Object.fromEntries(made);
      put(at[first!] as Record<string, unknown>, Object.values(type.getFields()), rest);
    } else at[first!] = isListType(type) ? [text] : text;
  };
  put(variables, mutation.args, path);
  return variables;
}

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

async function askForError(document: string, variables: object): Promise<Record<string, unknown>> {
  const response = await fetch(`${api.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: document, variables }),
  });
  const { errors } = (await response.json()) as { errors?: { extensions: Record<string, unknown> }[] };
  return errors?.[0]?.extensions ?? {};
}

describe('a mutation that a form sends', () => {
  const mutations = listSentMutations();

  it('names the field of each text that does not fit', async () => {
    const places = mutations.flatMap((mutation) => listTexts(mutation).map((place) => ({ mutation, place })));
    expect(places.length).toBeGreaterThan(40);
    const wrong: string[] = [];
    for (const { mutation, place } of places) {
      const variables = spoil(mutation, place);
      const head = mutation.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
      const args = mutation.args.map(({ name }) => `${name}: $${name}`).join(', ');
      const found = await askForError(
        `mutation (${head}) { ${mutation.name}(${args}) { __typename } }`,
        variables,
      );
      const field = place.path.filter((name, at) => at > 0 || name !== 'input').join('.');
      if (found.code !== 'BAD_INPUT' || found.field !== field)
        wrong.push(`${mutation.name} ${field}: ${JSON.stringify(found)}`);
    }
    expect(wrong).toEqual([]);
  });

  it('names the field of a name that is taken, or is none', async () => {
    const create = 'mutation ($name: String!) { createModel(input: { name: $name }) { id } }';
    await api.ask(create, { name: 'twice' });
    expect(await askForError(create, { name: 'twice' })).toMatchObject({ code: 'CONFLICT', field: 'name' });
    expect(await askForError(create, { name: 'two words' })).toMatchObject({
      code: 'BAD_INPUT',
      field: 'name',
    });
    const add = `mutation ($address: String!) {
      addReceiver(input: { medium: WEBHOOK, address: $address, kinds: [RUN_FAILED] }) { secret } }`;
    expect(await askForError(add, { address: 'nowhere' })).toMatchObject({
      code: 'BAD_INPUT',
      field: 'address',
    });
  });
});
