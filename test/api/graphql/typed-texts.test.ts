/** Every text that a client types has a rule, and texts that are looked for mean themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEXT_RULES } from '@microtome/domain/text-rules';
import {
  type GraphQLArgument,
  type GraphQLInputField,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CURSOR_ARGUMENTS } from '../../../apps/api/src/graphql/check-arguments.ts';
import { readTextKind } from '../../../apps/api/src/graphql/typed-text.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { insertDataset } from '../../fixtures/dataset.ts';
import { type Bench, createBench, finishRun, launch } from '../run-fixtures.ts';
import { startTestApi, type TestApi } from '../test-api.ts';

type Input = { coordinate: string; input: GraphQLArgument | GraphQLInputField };

const inputs = Object.values(buildSchema().getTypeMap())
  .filter(({ name }) => !name.startsWith('__'))
  .flatMap((type): Input[] => {
    if (isInputObjectType(type)) {
      return Object.values(type.getFields()).map((input) => ({
        coordinate: `${type.name}.${input.name}`,
        input,
      }));
    }
    if (!isObjectType(type)) return [];
    return Object.values(type.getFields()).flatMap((field) =>
      field.args.map((input) => ({ coordinate: `${type.name}.${field.name}(${input.name}:)`, input })),
    );
  });
const isCursor = ({ coordinate, input }: Input) =>
  CURSOR_ARGUMENTS.includes(input.name) && coordinate.endsWith(':)');
let seed = 2;
const isText = ({ input }: Input) => getNamedType(input.type).name === 'String';

let api: TestApi;
let bench: Bench;
beforeAll(async () => {
  api = await startTestApi();
  bench = await createBench(api.store);
});
afterAll(() => api.close());

describe('the texts of the schema', () => {
  it('each say what kind of text they take; cursors have a parser of their own', () => {
    const texts = inputs.filter((one) => isText(one) && !isCursor(one));
    expect(texts.length).toBeGreaterThan(50);
    const untyped = texts.filter(({ input }) => readTextKind(input.extensions) === null);
    expect(untyped.map(({ coordinate }) => coordinate)).toEqual([]);
    for (const { input } of texts) expect(TEXT_RULES).toHaveProperty(readTextKind(input.extensions)!);
  });

  it('are of one kind where they have one name, however many fields it is', () => {
    const people = inputs.filter(({ input }) => /edBy$/.test(input.name));
    expect(new Set(people.map(({ input }) => readTextKind(input.extensions)))).toEqual(
      new Set(['personName', 'requester']),
    );
    const reasons = inputs.filter(({ input }) => input.name === 'reason');
    expect(new Set(reasons.map(({ input }) => readTextKind(input.extensions)))).toEqual(new Set(['reason']));
  });
});

describe('a text that is not what its field takes', () => {
  const long = 'x'.repeat(10_001);
  it.each([
    [
      'an argument',
      'mutation ($id: ID!, $t: String) { deleteRun(id: $id, requestedBy: $t) { id } }',
      '\u202eA',
      /The name of a person holds/,
    ],
    [
      'an input',
      'mutation ($id: ID!, $t: String) { updateRun(id: $id, input: { notes: $t }) { id } }',
      long,
      /The note has 10001 characters: at most 10000 fit/,
    ],
    [
      'a list of an input',
      'mutation ($id: ID!, $t: String!) { updateRun(id: $id, input: { tags: ["a", $t] }) { id } }',
      'a\u200b',
      /The tag holds the character U\+200B/,
    ],
    [
      'an input in a list',
      'mutation ($id: ID!, $t: String!) { logMetrics(runId: $id, metrics: [{ name: $t, epoch: 1, value: 1 }]) { id } }',
      'a\nb',
      /The name of a metric holds the character U\+000A/,
    ],
    [
      'a filter',
      'query ($t: String) { runs(filter: { search: $t }) { totalCount } }',
      '\u200f',
      /The text to look for holds/,
    ],
  ])(
    'is refused in %s by the sentence of its rule, and nothing is changed',
    async (_where, query, t, message) => {
      const run = await finishRun(api.store, bench);
      const variables = query.includes('$id') ? { id: run.id, t } : { t };
      const failure = await api.fail(query, variables);
      expect(failure).toMatchObject({ code: 'BAD_INPUT', message: expect.stringMatching(message) });
      const after = await api.store.database.prisma.run.findUniqueOrThrow({ where: { id: run.id } });
      expect(after).toEqual(run);
    },
  );
});

describe('a search', () => {
  it('is escaped by one function wherever the sources look for a part of a text', () => {
    const loose = ['packages/store/src', 'apps/api/src'].flatMap((root) =>
      readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .filter((name) => {
          const text = readFileSync(join(root, name), 'utf8');
          const hasOwnPattern = /\bilike\b.*\$\{/.test(text) && !text.includes('likeAnywhere(');
          // What is written in capitals is a constant of ours.
          return hasOwnPattern || /\b(contains|startsWith|endsWith): (?!escapeLike\(|[A-Z_]+ )/.test(text);
        }),
    );
    expect(loose).toEqual([]);
  });

  it.each(['%', '_', '\\', '100%', 'a_b', '\\%'])(
    'for %j finds what holds it, and nothing else',
    async (text) => {
      const { store } = api;
      const own = await launch(store, bench);
      await launch(store, bench);
      const other = `plain ${own.id}`;
      await api.ask(
        'mutation ($id: ID!, $name: String) { updateRun(id: $id, input: { name: $name }) { id } }',
        {
          id: own.id,
          name: `${other} ${text}`,
        },
      );
      const { runs } = await api.ask<{ runs: { totalCount: number } }>(
        'query ($f: RunFilter) { runs(filter: $f) { totalCount } }',
        { f: { search: text, experimentId: bench.experiment.id } },
      );
      expect(runs.totalCount).toBe(1);
      const { datasetId } = await insertDataset(store, {
        patients: 3,
        patientKeys: ['100', `a${text}b`, 'aXb'],
        patchesPerPatient: 1,
        patchSizePx: 8,
        seed: seed++,
      });
      const { patients } = await api.ask<{
        patients: { totalCount: number; edges: { node: { key: string } }[] };
      }>(
        'query ($datasetId: ID!, $search: String) { patients(datasetId: $datasetId, search: $search) { totalCount edges { node { key } } } }',
        { datasetId, search: text },
      );
      expect(patients).toEqual({ totalCount: 1, edges: [{ node: { key: `a${text}b` } }] });
    },
  );
});
