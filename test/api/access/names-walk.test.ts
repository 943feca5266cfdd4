/**
 * Lookup by name, everywhere: every noun of the schema that has a name (or what stands for one) is asked for by it, by who sees
 * it and by who does not. Two projects hold records of the same names.
 */
import { inviteAccount } from '@microtome/store/access/accounts';
import { signInByLink } from '@microtome/store/access/sign-in';
import { createToken } from '@microtome/store/access/tokens';
import { addReceiver } from '@microtome/store/announcement/receivers';
import { type GraphQLObjectType, getNamedType, isObjectType } from 'graphql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import type { Answer } from '../test-api.ts';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';

const PAGE = 'http://127.0.0.1:3000';
/** What stands for a name. */
const NAMING = ['name', 'key', 'hostname', 'address', 'email', 'run'];

const schema = buildSchema();
const queries = Object.values(schema.getQueryType()!.getFields());

function listNamedTypes(): GraphQLObjectType[] {
  return Object.values(schema.getTypeMap()).filter((type): type is GraphQLObjectType => {
    if (!isObjectType(type) || type.name.startsWith('__')) return false;
    const fields = type.getFields();
    return 'id' in fields && NAMING.some((name) => name !== 'run' && name in fields);
  });
}

/** The field that gives one such record by an argument of these names. */
function findLookup(typeName: string, argumentNames: readonly string[]) {
  return queries.find(
    ({ type, args }) =>
      !type.toString().includes('[') &&
      getNamedType(type).name === typeName &&
      args.some(({ name }) => argumentNames.includes(name)),
  );
}

let bench: AccessBench;
let slide: { key: string; patient: { key: string } };

beforeAll(async () => {
  bench = await startAccessBench();
  const { prisma } = bench.api.store.database;
  const given = { versions: {}, status: 'IDLE' as const, backends: ['cpu'], device: 'cpu', pid: 1 };
  await prisma.worker.create({ data: { ...given, id: 'w-old', hostname: 'lab', heartbeatAt: new Date(1) } });
  await prisma.worker.create({ data: { ...given, id: 'w-new', hostname: 'lab' } });
  await addReceiver(bench.api.store, {
    medium: 'WEBHOOK',
    address: 'https://ward.example/hook',
    kinds: ['CHAMPION_MOVED'],
    addedBy: 'test',
  });
  ({ slide } = await ask<{ slide: typeof slide }>(
    'VIEWER',
    'query ($id: ID!) { slide(id: $id) { key patient { key } } }',
    { id: bench.mine.slide },
  ));
});
afterAll(() => bench.close());

async function ask<T>(who: Who, document: string, variables: object = {}): Promise<T> {
  const { data, errors } = await bench.ask(who, document, variables);
  expect(errors).toBeUndefined();
  return data as T;
}

it('is there for every noun that has a name and is asked for by id', () => {
  const named = listNamedTypes().map(({ name }) => name);
  const byId = named.filter((name) => findLookup(name, ['id']));
  // An exam is named by its run and dataset, a version by its model, a patient by key alone.
  const asked = [...byId, 'ExternalEvaluation', 'ModelVersion', 'Patient'];
  expect(asked.filter((name) => !findLookup(name, NAMING))).toEqual([]);
  const others = ['Account', 'AccessToken', 'Deletion', 'Receiver', 'SlideAnalysis', 'Task', 'Worker'];
  expect(byId).toEqual(expect.arrayContaining(others));
});

describe('a record that two projects have under one name', () => {
  const NOUNS = [
    ['import', 'datasetImport'],
    ['deletion', 'deletion'],
    ['experiment', 'experiment'],
    ['split', 'split'],
    ['task', 'task'],
    ['sweep', 'sweep'],
    ['run', 'run'],
    ['slideAnalysis', 'slideAnalysis'],
    ['dataset', 'dataset'],
    ['model', 'model'],
    ['report', 'report'],
  ] as const;

  it.each(NOUNS)('is found by its name in the projects of who asks: %s', async (noun, field) => {
    const byId = `query ($id: ID!) { found: ${field}(id: $id) { id name } }`;
    const byName = `query ($name: String!) { found: ${field}(name: $name) { id } }`;
    type Found = { found: { id: string; name: string } | null };
    for (const [who, own, other] of [
      ['VIEWER', bench.mine, 'FOREIGNER'],
      ['FOREIGNER', bench.theirs, 'VIEWER'],
    ] as const) {
      const { found } = await ask<Found>(who, byId, { id: own[noun] });
      expect(await ask<Found>(who, byName, { name: found!.name })).toEqual({ found: { id: own[noun] } });
      const elsewhere = await ask<Found>(other, byName, { name: found!.name });
      expect(elsewhere.found?.id).not.toBe(own[noun]);
    }
    expect(await ask<Found>('VIEWER', byName, { name: 'of nothing' })).toEqual({ found: null });
  });

  it('is a version by its model, an exam by its run and dataset', async () => {
    const version = 'query ($name: String!) { modelVersion(name: $name) { id } }';
    expect(await ask('VIEWER', version, { name: 'model-1@1' })).toEqual({
      modelVersion: { id: bench.mine.modelVersion },
    });
    expect(await ask('VIEWER', version, { name: 'default/model-1@1' })).toEqual({
      modelVersion: { id: bench.mine.modelVersion },
    });
    for (const name of ['model-1', 'model-1@2', 'model-2@1', 'another ward/model-2@1']) {
      expect(await ask('VIEWER', version, { name })).toEqual({ modelVersion: null });
    }
    const names = await ask<{ run: { name: string; dataset: { name: string } } }>(
      'VIEWER',
      'query ($id: ID!) { run(id: $id) { name dataset { name } } }',
      { id: bench.mine.run },
    );
    const exam =
      'query ($run: String!, $dataset: String) { externalEvaluation(run: $run, dataset: $dataset) { id } }';
    const named = { run: names.run.name, dataset: names.run.dataset.name };
    expect(await ask('VIEWER', exam, named)).toEqual({
      externalEvaluation: { id: bench.mine.externalEvaluation },
    });
    expect(await ask('VIEWER', exam, { ...named, dataset: 'none' })).toEqual({ externalEvaluation: null });
  });
});

describe('a key of the source', () => {
  it('finds a patient and a slide on a dataset, and asks for more where it does not tell', async () => {
    const { dataset: id, slide: slideId } = bench.mine;
    const patient =
      'query ($key: String!, $id: ID, $dataset: String) { patient(key: $key, datasetId: $id, dataset: $dataset) { key } }';
    const { key } = slide.patient;
    expect(await ask('VIEWER', patient, { key, id })).toEqual({ patient: { key } });
    expect(await ask('VIEWER', patient, { key })).toEqual({ patient: { key } });
    expect(await ask('VIEWER', patient, { key: 'nobody' })).toEqual({ patient: null });
    expect(await ask('VIEWER', patient, { key, dataset: 'none' })).toEqual({ patient: null });
    const bySlide =
      'query ($key: String!, $patient: String, $id: ID) { slide(key: $key, patient: $patient, datasetId: $id) { id } }';
    const named = { key: slide.key, patient: key, id };
    expect(await ask('VIEWER', bySlide, named)).toEqual({ slide: { id: slideId } });
    const { errors } = await bench.ask('VIEWER', bySlide, { ...named, key: 'none' });
    expect(errors![0]!.message).toBe(`There is no slide 'none' of patient '${key}'.`);
    const foreign = await bench.ask('FOREIGNER', patient, { key, id });
    expect(foreign.errors![0]!.extensions.code).toBe('NOT_FOUND');
  });
});

describe('what is of the server', () => {
  it('is found by machine, address, mail address and name', async () => {
    const worker = 'query ($hostname: String!) { worker(hostname: $hostname) { id } }';
    expect(await ask('VIEWER', worker, { hostname: 'lab' })).toEqual({ worker: { id: 'w-new' } });
    expect(await ask('VIEWER', worker, { hostname: 'none' })).toEqual({ worker: null });
    const { askAs } = await signIn('head', true);
    const address = 'https://ward.example/hook';
    expect(await askAs(`{ receiver(address: "${address}") { address } }`)).toEqual({ receiver: { address } });
    const email = 'viewer@ward.example';
    expect(
      await askAs(
        '{ named: account(name: "viewer") { email } mailed: account(email: "Viewer@ward.example") { email } }',
      ),
    ).toEqual({ named: { email }, mailed: { email } });
  });

  it('is a token for its own account alone', async () => {
    const [mine, theirs] = [await signIn('one', false), await signIn('two', false)];
    const wanted = { name: 'of a script', scopes: ['READ' as const], projectId: null, days: 1 };
    const { token } = await createToken(bench.api.store, { ...wanted, accountId: mine.accountId });
    const { id } = token;
    expect(await mine.askAs('{ token(name: "of a script") { id } }')).toEqual({ token: { id } });
    expect(await theirs.askAs('{ token(name: "of a script") { id } }')).toEqual({ token: null });
    expect(await theirs.askAs(`{ token(id: "${id}") { id } }`)).toEqual({ token: null });
  });
});

/** A person with a session: what is of accounts is no token's to ask. */
async function signIn(name: string, isOwner: boolean) {
  const { store, url } = bench.api;
  const { account, secret } = await inviteAccount(store, { name, email: `${name}@ward.example`, isOwner });
  const session = await signInByLink(store, { secret, address: '127.0.0.1' });
  return {
    accountId: account.id,
    async askAs(query: string): Promise<unknown> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', cookie: `microtome=${session.secret}`, origin: PAGE },
        body: JSON.stringify({ query }),
      });
      const { data, errors } = (await response.json()) as Answer;
      expect(errors).toBeUndefined();
      return data;
    },
  };
}
