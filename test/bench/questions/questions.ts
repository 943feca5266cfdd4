/**
 * The twenty questions of docs/cookbook, each in one request, asked of an API in a process of its own over a store with 20,000 runs,
 * by 1 and by 20 clients; and a search with a filter on a metric. Options: `--runs N` (20,000), `--seconds N` of each row (3),
 * `--only TEXT` in the name of a question. Prints a table and, as its last line, one JSON object.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openStore, type Store } from '@microtome/store/store';
import { startApi } from '../../api/api-process.ts';
import {
  type CookbookQuestion,
  pickVariables,
  readQuestions,
} from '../../api/reference/cookbook-questions.ts';
import { seedCookbook } from '../../api/reference/seed-cookbook.ts';
import { type LoadResult, type Request, runLoad } from '../tracking/load.ts';

const CLIENTS = [1, 20];
const EPOCHS = 20;
const WARM_UP_SECONDS = 1;
const SHOWN_RUNS = 50;
const SEARCH: CookbookQuestion = {
  name: '00-search',
  question: 'Which hundred runs are the best of those with an AUC above 0.9 at any epoch?',
  text: `{ runs(query: "max(validation.auc) > 0.9", sort: "max(validation.auc) desc", first: 100) {
    edges { node { id name status architecture epochsDone startedAt highest: figure(of: "max(validation.auc)") } } } }`,
};

type Row = LoadResult & { name: string; question: string; clients: number; bytes: number };

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20000' },
    seconds: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
  },
});
const folder = await mkdtemp(join(tmpdir(), 'microtome-bench-'));
const closing: (() => Promise<unknown>)[] = [() => rm(folder, { recursive: true, force: true })];
try {
  const { url, known } = await start();
  const questions = [SEARCH, ...readQuestions().filter(({ name }) => /^\d/.test(name))];
  const rows: Row[] = [];
  console.log('| question | clients | answers a second | p50 ms | p95 ms | processor ms | kB |');
  console.log('|---|---:|---:|---:|---:|---:|---:|');
  for (const question of questions.filter(({ name }) => name.includes(values.only))) {
    for (const clients of CLIENTS) rows.push(await measure(question, { url, known, clients }));
  }
  console.log(JSON.stringify({ runs: Number(values.runs), questions: rows }));
} finally {
  for (const close of closing.reverse()) await close();
}

async function start() {
  const postgres = await startEmbeddedPostgres({ homeDir: folder });
  closing.push(() => postgres.stop());
  await migrateDatabase(postgres.databaseUrl);
  const place = { databaseUrl: postgres.databaseUrl, artifactUrl: `file:${join(folder, 'artifacts')}` };
  const store = await openStore(place);
  const seeded = await seedCookbook(store, { drawnRuns: Number(values.runs), epochs: EPOCHS });
  const known = { ...seeded, runIds: await listRunIds(store) };
  await store.close();
  const api = await startApi(place);
  closing.push(() => api.stop());
  return { url: api.url, known };
}

async function listRunIds(store: Store): Promise<string[]> {
  const runs = await store.database.prisma.run.findMany({
    where: { status: 'SUCCEEDED' },
    orderBy: { createdAt: 'desc' },
    take: SHOWN_RUNS,
    select: { id: true },
  });
  return runs.map(({ id }) => id);
}

async function measure(
  { name, question, text }: CookbookQuestion,
  { url, known, clients }: { url: string; known: Record<string, unknown>; clients: number },
): Promise<Row> {
  const body = JSON.stringify({ query: text, variables: pickVariables(text, known) });
  let bytes = 0;
  const asked: Request = {
    write: () => ({ method: 'POST', url, body }),
    check(answer) {
      if (/^\{"errors"/.test(answer)) throw new Error(`${name} was refused: ${answer.slice(0, 300)}`);
      bytes = Buffer.byteLength(answer);
    },
  };
  await runLoad({ clients, seconds: WARM_UP_SECONDS }, asked);
  const result = await runLoad({ clients, seconds: Number(values.seconds) }, asked);
  console.log(
    `| ${question} | ${clients} | ${result.requestsPerSecond.toFixed(1)} | ${result.p50Ms.toFixed(1)} ` +
      `| ${result.p95Ms.toFixed(1)} | ${result.cpuMsPerRequest.toFixed(1)} | ${(bytes / 1e3).toFixed(1)} |`,
  );
  return { ...result, name, question, clients, bytes };
}
