/**
 * The access walk: every field of the schema, every route and the WebSocket, by every role, by an owner of another project and by a
 * stranger. A field, type or route that no table names is found here, and refused at run time.
 */
import { ROLES, roleMay } from '@microtome/domain/access/role';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findRouteAccess } from '../../../apps/api/src/access/route-access.ts';
import { listUnlisted } from '../../../apps/api/src/graphql/guard-schema.ts';
import { buildSchema } from '../../../apps/api/src/schema.ts';
import { listRoutes } from '../http/route-list.ts';
import { type AccessBench, startAccessBench, type Who } from './access-bench.ts';
import { followAs } from './follow-as.ts';
import { listRootFields, type WalkedField, writeOperation } from './schema-walk.ts';

const fields = listRootFields(buildSchema());
const answered = fields.filter(({ kind }) => kind !== 'Subscription');
/** What stops the rest of the walk comes last. */
const LAST = /^(delete|setAccountDisabled)/;
/** What else is forbidden, a path outside the import roots say, is for those who may ask. */
const OF_ACCESS = /may not do this|Nobody is allowed/;
/** Each manager's own; tested with the audit log. */
const OF_MANAGERS = /^\/audit\./;
/** What each sees of its own projects, by no id. */
const OWN_LIST = /^\/runs\.(csv|parquet)$/;
/** Each is its sender's alone, and tested there. */
const OF_SENDERS = /^\/uploads\//;
let bench: AccessBench;

beforeAll(async () => {
  bench = await startAccessBench();
});
afterAll(() => bench.close());

async function tell(who: Who, field: WalkedField): Promise<string> {
  const { document, variables } = writeOperation(field, bench.mine);
  const { errors } = await bench.ask(who, document, variables);
  const [error] = errors ?? [];
  if (!error) return 'ANSWERED';
  const { code } = error.extensions;
  return code === 'FORBIDDEN' && OF_ACCESS.test(error.message) ? 'REFUSED' : code;
}

function namesRecords({ need }: WalkedField): boolean {
  return need?.kind === 'ACT' && need.subjects.length > 0;
}

describe('the tables of access', () => {
  it('have a line for every field and every type of the schema', () => {
    expect(listUnlisted(buildSchema())).toEqual([]);
  });

  it('have a line for every route', () => {
    const unlisted = listRoutes().filter((route) => {
      const path = route.replaceAll(/[:*]\w+/g, 'x');
      return !['GET', 'POST', 'PUT'].some((method) => findRouteAccess(method, path));
    });
    expect(unlisted).toEqual([]);
  });
});

describe('a stranger', () => {
  it('is asked to sign in at every field but the few that are for everybody', async () => {
    const open: string[] = [];
    for (const field of answered) {
      if ((await tell('NOBODY', field)) !== 'UNAUTHENTICATED') open.push(field.name);
    }
    expect(open.sort()).toEqual(['accessSettings', 'me', 'metricCatalogue']);
  });

  it('is asked to sign in at every route that has something to tell', async () => {
    for (const path of listFilePaths()) {
      const { status } = await bench.get('NOBODY', path);
      expect(status, path).toBe(401);
    }
  });

  it('follows nothing', async () => {
    for (const field of fields.filter(({ kind }) => kind === 'Subscription')) {
      const { document, variables } = writeOperation(field, bench.mine);
      expect(await followAs(bench, 'NOBODY', document, variables), field.name).toBe('UNAUTHENTICATED');
    }
  });
});

const listRunsAs = async (who: 'OWNER' | 'FOREIGNER') => (await bench.get(who, '/runs.csv')).text();

describe('an owner of another project', () => {
  it('finds nothing by an id, and changes nothing', async () => {
    for (const field of answered.filter(namesRecords)) {
      expect(await tell('FOREIGNER', field), field.name).toBe('NOT_FOUND');
    }
  });

  it('finds no file', async () => {
    for (const path of listFilePaths()) {
      if (OF_MANAGERS.test(path) || OWN_LIST.test(path)) continue;
      const { status } = await bench.get('FOREIGNER', path);
      expect(status, path).toBe(path === '/metrics' ? 403 : 404);
    }
  });

  it('is given a list of its own runs alone', async () => {
    const [ofOwner, ofForeigner] = [await listRunsAs('OWNER'), await listRunsAs('FOREIGNER')];
    expect(ofOwner).toContain(bench.mine.run);
    expect(ofOwner).not.toContain(bench.theirs.run);
    expect(ofForeigner).toContain(bench.theirs.run);
    expect(ofForeigner).not.toContain(bench.mine.run);
  });

  it('follows nothing of it', async () => {
    for (const field of fields.filter(({ kind }) => kind === 'Subscription')) {
      const { document, variables } = writeOperation(field, bench.mine);
      expect(await followAs(bench, 'FOREIGNER', document, variables), field.name).toBe('NOT_FOUND');
    }
  });

  it('sees its own project alone in every list, also in its count', async () => {
    const { data } = await bench.ask(
      'FOREIGNER',
      `{ datasets { totalCount edges { node { id } } } experiments { totalCount edges { node { id } } }
         splits { totalCount edges { node { id } } } runs { totalCount edges { node { id } } }
         sweeps { totalCount edges { node { id } } } models { totalCount edges { node { id } } }
         datasetImports { id } deletions { id } projects { id } model(name: "model-1") { id } }`,
    );
    const one = (id: string) => ({ totalCount: 1, edges: [{ node: { id } }] });
    const { theirs } = bench;
    expect(data).toEqual({
      datasets: one(theirs.dataset),
      experiments: one(theirs.experiment),
      splits: one(theirs.split),
      runs: one(theirs.run),
      sweeps: one(theirs.sweep),
      models: one(theirs.model),
      datasetImports: [{ id: theirs.import }],
      deletions: [{ id: theirs.deletion }],
      projects: [{ id: theirs.project }],
      model: null,
    });
  });

  it('finds its own by a name that other projects have too, and not theirs', async () => {
    const { prisma } = bench.api.store.database;
    const { mine, theirs } = bench;
    const name = 'the-same-everywhere';
    for (const ids of [mine, theirs]) {
      await prisma.experiment.update({ where: { id: ids.experiment }, data: { name } });
      await prisma.split.update({ where: { id: ids.split }, data: { name } });
      await prisma.sweep.update({ where: { id: ids.sweep }, data: { name } });
      await prisma.run.update({ where: { id: ids.run }, data: { name } });
      await prisma.dataset.update({ where: { id: ids.dataset }, data: { name } });
      await prisma.model.update({ where: { id: ids.model }, data: { name } });
    }
    const { name: task } = await prisma.task.findUniqueOrThrow({ where: { id: mine.task } });
    const { data, errors } = await bench.ask(
      'FOREIGNER',
      `query ($name: String!, $task: String!) { experiment(name: $name) { id } split(name: $name) { id }
         sweep(name: $name) { id } run(name: $name) { id } task(name: $task) { id }
         dataset(name: $name) { id } model(name: $name) { id } other: model(name: $name, project: "default") { id }
         project(name: "another ward") { id } hidden: project(name: "default") { id } }`,
      { name, task },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      experiment: { id: theirs.experiment },
      split: { id: theirs.split },
      sweep: { id: theirs.sweep },
      run: { id: theirs.run },
      task: { id: theirs.task },
      dataset: { id: theirs.dataset },
      model: { id: theirs.model },
      other: null,
      project: { id: theirs.project },
      hidden: null,
    });
  });
});

describe('who sees several projects', () => {
  it('says which is meant of a name that two of them have', async () => {
    const { prisma } = bench.api.store.database;
    const { mine, theirs } = bench;
    for (const ids of [mine, theirs]) {
      await prisma.dataset.update({ where: { id: ids.dataset }, data: { name: 'twice' } });
      await prisma.model.update({ where: { id: ids.model }, data: { name: 'twice' } });
    }
    const told = await bench.ask('SERVER_OWNER', '{ model(name: "twice") { id } }');
    expect(told.errors?.[0]).toMatchObject({
      message: "More than one project has a model 'twice': name its project too, as in 'PROJECT/twice'.",
      extensions: { code: 'BAD_INPUT' },
    });
    const { data, errors } = await bench.ask(
      'SERVER_OWNER',
      `{ model(name: "twice", project: "another ward") { id project { name } }
         dataset(name: "twice", project: "default") { id project { name } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      model: { id: theirs.model, project: { name: 'another ward' } },
      dataset: { id: mine.dataset, project: { name: 'default' } },
    });
    const asked = 'query ($query: String!) { runs(query: $query) { totalCount } }';
    const compared = async (who: Who, model: string) => {
      const query = `test.auc > champion("${model}", test.auc)`;
      return (await bench.ask(who, asked, { query })).errors?.[0]?.message;
    };
    expect(await compared('SERVER_OWNER', 'twice')).toContain('More than one project');
    for (const [who, model] of [
      ['SERVER_OWNER', 'default/twice'],
      ['FOREIGNER', 'default/twice'],
      ['FOREIGNER', 'twice'],
    ] as const) {
      expect(await compared(who, model)).toBe(`There is no champion of a model '${model}'.`);
    }
  });
});

describe.each(ROLES)('a %s', (role) => {
  it('may what the table of roles says, and no more', async () => {
    const wrong: string[] = [];
    const walked = [...answered].sort((a, b) => Number(LAST.test(a.name)) - Number(LAST.test(b.name)));
    for (const field of walked) {
      const may = isAllowed(field, role);
      // Once: what is allowed is done, and the one with the least role that may does it.
      if (may && field.kind === 'Mutation' && role !== leastRole(field)) continue;
      const code = await tell(role, field);
      const isRefused = code === 'REFUSED' || code === 'UNAUTHENTICATED';
      if (isRefused === may) wrong.push(`${field.kind}.${field.name}: ${code}`);
    }
    expect(wrong).toEqual([]);
  });

  it('is given the files of its project', async () => {
    for (const path of listFilePaths()) {
      if (path === '/metrics' || OF_MANAGERS.test(path) || OF_SENDERS.test(path)) continue;
      const answer = await bench.get(role, path);
      expect(answer.status, path).not.toBe(401);
      if (answer.status >= 400) expect(await answer.text(), path).not.toMatch(OF_ACCESS);
      else await answer.body?.cancel();
    }
  });
});

describe('what no table names', () => {
  it('is refused to everybody who signs in, and to strangers', async () => {
    for (const path of ['/mystery', '/artifacts', '/healthz/', '/Metrics', '/runs/x/mystery.csv']) {
      expect((await bench.get('NOBODY', path)).status, path).toBe(401);
      expect((await bench.get('SERVER_OWNER', path)).status, path).toBe(403);
    }
  });
});

function isAllowed({ need }: WalkedField, role: (typeof ROLES)[number]): boolean {
  if (need?.kind === 'ANYONE') return true;
  return need?.kind === 'ACT' && roleMay(role, need.act);
}

function leastRole(field: WalkedField) {
  return ROLES.find((role) => isAllowed(field, role));
}

/** Every route with what it asks for filled in from the first project. */
function listFilePaths(): string[] {
  const { mine } = bench;
  const known: Record<string, string> = {
    hash: mine.artifact,
    datasetId: mine.dataset,
    modelId: mine.model,
    number: '1',
    runId: mine.run,
    slideId: mine.slide,
    sweepId: mine.sweep,
    file: '0.png',
    path: 'kept.txt',
  };
  return listRoutes()
    .filter((route) => findRouteAccess('GET', route)?.need.kind !== 'ANYONE' && findRouteAccess('GET', route))
    .map((route) => {
      const own = route.startsWith('/splits') ? mine.split : mine.externalEvaluation;
      const path = route.replaceAll(/[:*](\w+)/g, (_, name: string) =>
        name === 'id' ? own : (known[name] ?? name),
      );
      return path.startsWith('/comparison.') ? `${path}?runs=${mine.run}` : path;
    });
}
