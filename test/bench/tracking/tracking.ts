/**
 * How fast programs record numbers and ask for them, side by side with the real MLflow server on the same PostgreSQL in the same run,
 * both driven by one HTTP client: batches of 10 and 1,000 by 1 and 20 clients, on one run and on a run each; then a search
 * among 20,000 runs, a long history, and a comparison of 100 runs. Options: `--python FILE` with mlflow and psycopg2-binary
 * (without it, ours alone), `--workers N` of MLflow's server (4, as it has it), `--seconds N` of each row (5), `--only write|ask`,
 * `--question search|history|compare` (all three).
 * Prints tables and, as its last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import pg from 'pg';
import { startApi } from '../../api/api-process.ts';
import { openHttpClient } from './http-client.ts';
import { type LoadResult, READ_ONE_IN, runLoad } from './load.ts';
import { startMlflow } from './mlflow-server.ts';
import { seedOurs, seedTheirs } from './tracked-runs.ts';
import {
  type Asker,
  askByGraphql,
  askByMlflow,
  type Point,
  QUESTIONS,
  type Writer,
  writeByMlflow,
  writeByRoute,
} from './trackers.ts';

const BATCHES = [10, 1_000];
const CLIENTS = [1, 20];
const SERIES = 5;
const WARM_UP_SECONDS = 1;
const WARM_UP_LOAD: Load = { batch: 10, clients: 20, runs: 20 };
const START_MS = 1_760_000_000_000;
const OURS = 'microtome';
const THEIRS = 'mlflow';
const HOW_TIMED =
  'A time runs from the sending of a request to the last byte of its answer, for all servers alike. Status, length and beginning of each ' +
  `answer are looked at; one in ${READ_ONE_IN} is kept and read whole when the load has ended. "All read": the same load, whose clients, in one ` +
  'process beside the servers, read each answer as JSON within its time, as this benchmark did until 29 November 2026.\n';

type Load = { batch: number; clients: number; runs: number };
/** How many times theirs, by the clock and by processor time; null without theirs. */
type Ratio = { timesTheirs: number | null; timesTheirsByCpu: number | null };
type WriteRow = Load & LoadResult & Ratio & { writer: string; pointsPerSecond: number };
/** `readingAll` is the load whose clients read each answer whole in its time. */
type AskRow = LoadResult &
  Ratio & { asker: string; question: string; clients: number; readingAll: LoadResult };
type Memory = { tracker: string; moment: string; bytes: number };

const { values } = parseArgs({
  options: {
    python: { type: 'string' },
    workers: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '5' },
    only: { type: 'string' },
    question: { type: 'string' },
  },
});
const seconds = Number(values.seconds);
const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  console.log(HOW_TIMED);
  const trackers = await startTrackers();
  await trackers.readMemory('started');
  const writing = values.only === 'ask' ? [] : await measureWriting(trackers.writers);
  await trackers.readMemory('after writing');
  if (values.only !== 'write') await trackers.seed();
  const asking = values.only === 'write' ? [] : await measureAsking(trackers.askers);
  await trackers.readMemory('after asking');
  reportMemory(trackers.memory);
  console.log(JSON.stringify({ theirs: trackers.version, writing, asking, memory: trackers.memory }));
} finally {
  for (const close of closing.reverse()) await close();
}

async function startTrackers() {
  const postgres = await startEmbeddedPostgres({ homeDir: folder });
  closing.push(() => postgres.stop());
  await migrateDatabase(postgres.databaseUrl);
  const artifactUrl = `file:${join(folder, 'artifacts')}`;
  const api = await startApi({ databaseUrl: postgres.databaseUrl, artifactUrl });
  closing.push(() => api.stop());
  const ownUrl = new URL(api.url).origin;
  const theirDatabase = new URL('/mlflow', postgres.databaseUrl).href;
  const theirs = values.python ? await startTheirs(values.python, postgres.databaseUrl, theirDatabase) : null;
  const ownId = await createExperiment(`${ownUrl}/mlflow`);
  const theirId = theirs ? await createExperiment(theirs.url) : '';
  const writers = [
    ...(theirs ? [writeByMlflow(THEIRS, theirs.url, theirId)] : []),
    writeByMlflow(`${OURS}, MLflow's protocol`, `${ownUrl}/mlflow`, ownId),
    writeByRoute(`${OURS}, POST /runs/ID/metrics`, ownUrl, ownId),
  ];
  // The 20,000 are in an experiment of their own, so that what was written before is not asked for.
  const [ownSeededId, theirSeededId] = [
    await createExperiment(`${ownUrl}/mlflow`),
    theirs ? await createExperiment(theirs.url) : '',
  ];
  const askers = [
    ...(theirs ? [askByMlflow(THEIRS, theirs.url, { experimentId: theirSeededId, hasDashes: false })] : []),
    askByMlflow(`${OURS}, MLflow's protocol`, `${ownUrl}/mlflow`, {
      experimentId: ownSeededId,
      hasDashes: true,
    }),
    askByGraphql(`${OURS}, GraphQL`, ownUrl),
  ];
  const memory: Memory[] = [];
  return {
    writers,
    askers,
    memory,
    version: theirs?.version ?? null,
    async seed() {
      await seedOurs(postgres.databaseUrl, ownSeededId);
      if (theirs) await seedTheirs(theirDatabase, theirSeededId);
    },
    async readMemory(moment: string) {
      memory.push({ tracker: OURS, moment, bytes: await api.readMemoryBytes() });
      if (theirs) memory.push({ tracker: THEIRS, moment, bytes: await theirs.readMemoryBytes() });
    },
  };
}

async function startTheirs(python: string, adminUrl: string, databaseUrl: string) {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  await client.query('create database mlflow');
  await client.end();
  const server = await startMlflow({ python, databaseUrl, workers: Number(values.workers) });
  closing.push(() => server.stop());
  console.log(`MLflow ${server.version} with ${values.workers} workers, on the same PostgreSQL.\n`);
  return server;
}

async function createExperiment(root: string): Promise<string> {
  const http = openHttpClient(1);
  const body = JSON.stringify({ name: `bench ${Math.random()}` });
  const answer = await http.send('POST', `${root}/api/2.0/mlflow/experiments/create`, body);
  http.close();
  return JSON.parse(answer).experiment_id;
}

async function measureWriting(writers: readonly Writer[]): Promise<WriteRow[]> {
  for (const writer of writers) await write(writer, WARM_UP_LOAD, WARM_UP_SECONDS);
  console.log(
    '| batch | clients | runs | by | numbers a second | p50 ms | p95 ms | processor ms a batch | times MLflow, by processor time |',
  );
  console.log('|---:|---:|---:|---|---:|---:|---:|---:|---:|');
  const rows: WriteRow[] = [];
  const loads = BATCHES.flatMap((batch) =>
    CLIENTS.flatMap((clients) => [...new Set([1, clients])].map((runs) => ({ batch, clients, runs }))),
  );
  for (const load of loads) {
    let theirs: LoadResult | null = null;
    for (const writer of writers) {
      const result = await write(writer, load, seconds);
      if (!result) continue;
      const pointsPerSecond = Math.round(result.requestsPerSecond * load.batch);
      if (writer.name === THEIRS) theirs = result;
      const ratio = compare(result, theirs);
      rows.push({ ...load, ...result, ...ratio, writer: writer.name, pointsPerSecond });
      console.log(
        `| ${load.batch} | ${load.clients} | ${load.runs} | ${writer.name} | ${pointsPerSecond.toLocaleString('en')} ` +
          `| ${result.p50Ms.toFixed(1)} | ${result.p95Ms.toFixed(1)} | ${result.cpuMsPerRequest.toFixed(1)} | ${describeRatio(ratio)} |`,
      );
    }
  }
  return rows;
}

/** Null where a server gives up: that is said, and the others go on. */
async function write(writer: Writer, load: Load, loadSeconds: number): Promise<LoadResult | null> {
  const http = openHttpClient(1);
  try {
    const runIds = await writer.startRuns(http, load.runs);
    return await runLoad(
      { clients: load.clients, seconds: loadSeconds },
      {
        write: (place) => writer.write(runIds[place.client % runIds.length]!, makeBatch(place, load.batch)),
        check: (text) => JSON.parse(text),
      },
    );
  } catch (error) {
    const { batch, clients, runs } = load;
    console.log(`| ${batch} | ${clients} | ${runs} | ${writer.name} | ${(error as Error).message} | | | | |`);
    return null;
  } finally {
    http.close();
  }
}

function makeBatch({ client, sent }: { client: number; sent: number }, size: number): Point[] {
  return Array.from({ length: size }, (_, at) => ({
    name: `series ${at % SERIES}`,
    value: Math.sin(sent + at),
    step: sent * size + at,
    atMs: START_MS + client,
  }));
}

async function measureAsking(askers: readonly Asker[]): Promise<AskRow[]> {
  console.log(
    '\n| question | clients | by | answers a second | p50 ms | p95 ms | p95 ms, all read | processor ms | times MLflow, by processor time |',
  );
  console.log('|---|---:|---|---:|---:|---:|---:|---:|---:|');
  const rows: AskRow[] = [];
  const all = Object.keys(QUESTIONS) as (keyof typeof QUESTIONS)[];
  for (const question of all.filter((name) => name === (values.question ?? name))) {
    for (const clients of QUESTIONS[question].clients) {
      let theirs: LoadResult | null = null;
      for (const asker of askers) {
        const result = await ask(asker, { question, clients });
        if (!result) continue;
        if (asker.name === THEIRS) theirs = result;
        const ratio = compare(result, theirs);
        rows.push({ ...result, ...ratio, asker: asker.name, question, clients });
        console.log(
          `| ${QUESTIONS[question].about} | ${clients} | ${asker.name} | ${result.requestsPerSecond.toFixed(1)} ` +
            `| ${result.p50Ms.toFixed(1)} | ${result.p95Ms.toFixed(1)} | ${result.readingAll.p95Ms.toFixed(1)} ` +
            `| ${result.cpuMsPerRequest.toFixed(1)} | ${describeRatio(ratio)} |`,
        );
      }
    }
  }
  return rows;
}

/** Null where a server gives up, as one whose workers are ended when they are silent for long: that is said, and the others go on. */
async function ask(
  asker: Asker,
  { question, clients }: { question: keyof typeof QUESTIONS; clients: number },
): Promise<(LoadResult & Pick<AskRow, 'readingAll'>) | null> {
  const asked = asker.ask[question];
  try {
    await runLoad({ clients, seconds: WARM_UP_SECONDS }, asked);
    const result = await runLoad({ clients, seconds }, asked);
    return { ...result, readingAll: await runLoad({ clients, seconds, readsAll: true }, asked) };
  } catch (error) {
    console.log(
      `| ${QUESTIONS[question].about} | ${clients} | ${asker.name} | ${(error as Error).message} | | | | | |`,
    );
    return null;
  }
}

function reportMemory(memory: readonly Memory[]): void {
  console.log('\n| resident memory, MB | at |\n|---|---:|');
  for (const { tracker, moment, bytes } of memory) {
    console.log(`| ${tracker}, ${moment} | ${Math.round(bytes / 1e6)} |`);
  }
}

function compare(ours: LoadResult, theirs: LoadResult | null): Ratio {
  if (!theirs) return { timesTheirs: null, timesTheirsByCpu: null };
  return {
    timesTheirs: ours.requestsPerSecond / theirs.requestsPerSecond,
    timesTheirsByCpu: theirs.cpuMsPerRequest / ours.cpuMsPerRequest,
  };
}

function describeRatio({ timesTheirs, timesTheirsByCpu }: Ratio): string {
  return timesTheirs === null ? '–' : `${timesTheirs.toFixed(1)}, ${timesTheirsByCpu?.toFixed(1)}`;
}
