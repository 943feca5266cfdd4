/**
 * An API with accounts, for hostile input by each of them: two projects that have something of every kind, texts in each that no
 * input holds (so that they may be in no answer to who is not in it), and for each value that an asker must not know a twin
 * that nothing has, so that an answer can be compared with what is said of nothing at all.
 */
import { randomUUID } from 'node:crypto';
import { hashSecret } from '@microtome/store/access/secret';
import { type AccessBench, startAccessBench, type Who } from '../api/access/access-bench.ts';
import { openMlflowAs } from '../api/access/mlflow-as.ts';
import type { KnownIds } from './fuzz-bench.ts';
import type { KnownValues } from './mlflow-requests.ts';

const ERROR_LEVEL = 50;
const PAGE = 'http://localhost:3000';
const SIDES = ['mine', 'theirs'] as const;
type Side = (typeof SIDES)[number];
/** Who makes what is on a side. */
const MAKERS = { mine: 'OWNER', theirs: 'FOREIGNER' } as const;
const CANARIES = { mine: 'canary-of-the-first-room', theirs: 'canary-of-the-other-room' };

type Filled = { ids: Record<string, string>; mlflow: Record<string, string> };

export type Asker = {
  name: string;
  /** What the asker signs in by. */
  headers: Record<string, string>;
  known: KnownIds;
  /** Own values first, and hidden ones first. */
  mlflow: KnownValues[];
  /** Each value of what the asker must not see, and its twin. */
  twins: Map<string, string>;
  /** Texts that may be in no answer. */
  canaries: readonly string[];
};

export type AccountBench = {
  bench: AccessBench;
  askers: readonly Asker[];
  /** A change of each project, which subscriptions hear of. */
  changeRuns(): Promise<unknown>;
  /** Makes the session of the owner again where an input has signed it out. */
  keepSession(): Promise<unknown>;
  /** What was logged as an error since it was asked last, as texts. */
  takeErrors(): string[];
};

export async function openAccountBench(): Promise<AccountBench> {
  const bench = await startAccessBench();
  const filled = { mine: await fill(bench, 'mine'), theirs: await fill(bench, 'theirs') };
  const session = await drawSession(bench);
  await session.keep();
  const askers = [
    ...(['OWNER', 'RESEARCHER', 'VIEWER'] as const).map((who) => createAsker(bench, filled, who, ['mine'])),
    createAsker(bench, filled, 'FOREIGNER', ['theirs']),
    createAsker(bench, filled, 'NOBODY', []),
    {
      ...createAsker(bench, filled, 'SERVER_OWNER', SIDES),
      name: 'an owner by cookie',
      headers: session.headers,
    },
  ];
  return {
    bench,
    askers,
    changeRuns: () =>
      Promise.all(
        SIDES.map((side) =>
          bench.ask(MAKERS[side], 'mutation ($id: ID!) { heartbeatRun(id: $id) { id } }', {
            id: filled[side].ids.externalRun,
          }),
        ),
      ),
    keepSession: session.keep,
    takeErrors() {
      const errors = bench.api.logged.filter(({ level }) => Number(level) >= ERROR_LEVEL);
      bench.api.logged.length = 0;
      return errors.map((line) => JSON.stringify(line));
    },
  };
}

function createAsker(
  bench: AccessBench,
  filled: Record<Side, Filled>,
  who: Who,
  sees: readonly Side[],
): Asker {
  const token = bench.tokens[who];
  const hides = SIDES.filter((side) => !sees.includes(side));
  const values = hides.flatMap((side) => [
    ...Object.values(filled[side].ids),
    ...Object.values(filled[side].mlflow),
  ]);
  return {
    name: who,
    headers: token ? { authorization: `Bearer ${token}` } : {},
    known: joinKnown(SIDES.map((side) => filled[side].ids)),
    mlflow: [SIDES, SIDES.toReversed()].map((sides) => ({
      ...joinKnown(sides.map((side) => filled[side].mlflow)),
      ...{
        version: ['1', '-1'],
        alias: ['best'],
        key: ['a', 'loss'],
        metric_key: ['loss'],
        path: ['a', 'kept.txt'],
      },
      ...{ status: ['FINISHED'], stage: ['Archived'], source: ['s3://bucket/m'] },
    })),
    twins: new Map([...new Set(values)].map((value) => [value, drawTwin(value)])),
    canaries: hides.map((side) => CANARIES[side]),
  };
}

function joinKnown(all: readonly Record<string, string>[]): Record<string, string[]> {
  const names = new Set(all.flatMap((one) => Object.keys(one)));
  return Object.fromEntries([...names].map((name) => [name, all.flatMap((one) => one[name] ?? [])] as const));
}

/** As long, and of the same form. */
function drawTwin(value: string): string {
  if (/^[0-9a-f-]{36}$/.test(value)) return randomUUID();
  return value.replaceAll(/[0-9a-f]{4,}/g, ({ length }) =>
    randomUUID().replaceAll('-', '').repeat(2).slice(0, length),
  );
}

/** Names are drawn like ids; what else is written holds the text of the side. */
async function fill(bench: AccessBench, side: Side): Promise<Filled> {
  const { store } = bench.api;
  const { prisma } = store.database;
  const maker = MAKERS[side];
  const canary = CANARIES[side];
  const of = bench[side];
  const name = `known-${randomUUID()}`;
  const perform = async (document: string, variables: object) => {
    const { data, errors } = await bench.ask(maker, document, variables);
    if (errors?.[0]) throw new Error(errors[0].message);
    return data as Record<string, { id: string }>;
  };
  const started = await perform('mutation ($input: StartRunInput!) { startRun(input: $input) { id } }', {
    input: { experiment: `runs of ${name}`, name: canary, notes: canary, projectId: of.project },
  });
  const externalRun = started.startRun!.id;
  await perform('mutation ($id: ID!, $text: String!) { logText(runId: $id, text: $text) { id } }', {
    ...{ id: externalRun, text: canary },
  });
  await perform('mutation ($id: ID!, $params: JSON!) { logParams(runId: $id, params: $params) { id } }', {
    ...{ id: externalRun, params: { known: canary } },
  });
  await prisma.run.update({ where: { id: of.run }, data: { name, notes: canary } });
  await prisma.model.update({ where: { id: of.model }, data: { name, description: canary } });
  await prisma.dataset.update({ where: { id: of.dataset }, data: { name } });
  await prisma.experiment.update({ where: { id: of.experiment }, data: { question: canary } });
  await prisma.sweep.update({ where: { id: of.sweep }, data: { name } });
  await prisma.datasetImport.update({ where: { id: of.import }, data: { name, error: canary } });
  await prisma.deletion.update({ where: { id: of.deletion }, data: { requestedBy: canary } });
  const mlflow = openMlflowAs(bench);
  const recorded = await mlflow.record(maker, name);
  for (const [path, body] of [
    ['/runs/set-tag', { run_id: recorded.runId, key: 'a', value: canary }],
    ['/runs/log-parameter', { run_id: recorded.runId, key: 'a', value: canary }],
    ['/experiments/set-experiment-tag', { experiment_id: recorded.experimentId, key: 'a', value: canary }],
    ['/registered-models/set-tag', { name, key: 'a', value: canary }],
  ] as const) {
    await mlflow.succeed(maker, path, body);
  }
  return {
    ids: {
      ...{
        runId: of.run,
        externalRun,
        datasetId: of.dataset,
        splitId: of.split,
        experimentId: of.experiment,
      },
      ...{ modelId: of.model, versionId: of.modelVersion, sweepId: of.sweep, slideId: of.slide },
      ...{ deletionId: of.deletion, importId: of.import, taskId: of.task, projectId: of.project },
      ...{ externalEvaluationId: of.externalEvaluation, hash: of.artifact, name },
    },
    mlflow: {
      ...{ run_id: recorded.runId, experiment_id: recorded.experimentId, model_id: recorded.modelId },
      ...{ name, experiment_name: name },
    },
  };
}

/** An owner of the server, by the cookie of a session and from a page. */
async function drawSession({ api }: AccessBench) {
  const { prisma } = api.store.database;
  const { id: accountId } = await prisma.account.findFirstOrThrow({ where: { isOwner: true } });
  const secret = randomUUID();
  const expiresAt = new Date(Date.now() + 86_400_000);
  const data = { hash: hashSecret(secret), accountId, address: '127.0.0.1', expiresAt };
  return {
    headers: { cookie: `microtome=${secret}`, origin: PAGE },
    keep: () => prisma.accountSession.createMany({ data, skipDuplicates: true }),
  };
}
