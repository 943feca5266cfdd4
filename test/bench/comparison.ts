/**
 * A comparison of 200 runs: each query of its page, asked of the API as a process of its own, first and again. Synthetic
 * predictions of a TEST of 56 patients, opened for every run; the figures of the stored evaluations are copies of one.
 * Option: `--patches-per-patient N`, 330 unless given; 990 make a TEST as large as that of the full dataset. Prints a table
 * and, as its last line, one JSON object.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type EvaluationWithIntervals, evaluateWithIntervals } from '@microtome/domain/evaluation/evaluation';
import { createRandom, gaussian } from '@microtome/domain/seeded-random';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { encodePredictions, PREDICTIONS_MEDIA_TYPE } from '@microtome/store/evaluation/predictions';
import type { Run } from '@microtome/store/generated/prisma/client';
import { claimRun, finishSucceeded } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import { listLabelledPatches } from '@microtome/store/split/subset-patches';
import { openStore, type Store } from '@microtome/store/store';
import { type ApiProcess, startApi } from '../api/api-process.ts';
import { createEvaluation } from '../fixtures/evaluation.ts';
import { type Bench, createBench, launchTestRun } from '../fixtures/run.ts';

const RUNS = 200;
const PATIENTS = 70;
const PATCH_SIZE_PX = 8;
const FRACTIONS = { train: 0.1, validation: 0.1, test: 0.8 };
const EPOCHS = 10;
const DOCUMENTS = ['app/compare/compare.graphql', 'components/run-row.graphql'];
/** As the page asks: of more than 8 runs only the main curves, and pictures of the first 8. */
const MAIN_CURVES = [
  'validation.auc',
  'validation.loss',
  'validation.balancedAccuracy',
  'validation.f1',
  'seconds',
];
const DRAWN_RUNS = 8;

const { values: options } = parseArgs({
  options: { 'patches-per-patient': { type: 'string', default: '330' } },
});
const patchesPerPatient = Number(options['patches-per-patient']);
const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-comparison-'));
const artifactUrl = `file:${join(homeDir, 'artifacts')}`;
const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
let api: ApiProcess | null = null;
try {
  await migrateDatabase(postgres.databaseUrl);
  const store = await openStore({ databaseUrl: postgres.databaseUrl, artifactUrl });
  const runIds = await createRuns(store);
  await store.close();
  api = await startApi({ databaseUrl: postgres.databaseUrl, artifactUrl });
  const document = await readDocument();
  const queries = {
    CompareRuns: { runIds },
    ComparedCurves: { runIds, names: MAIN_CURVES },
    ComparedFigures: { runIds: runIds.slice(0, DRAWN_RUNS) },
    ComparedPairs: { runIds, sharedPatientsOnly: false },
  };
  console.log(
    '| query of the page | first, s | of that, processor | again, s | answer, KiB |\n|---|---:|---:|---:|---:|',
  );
  const measured: Record<string, unknown> = {};
  for (const [operationName, variables] of Object.entries(queries)) {
    const body = JSON.stringify({ query: document, operationName, variables });
    const [first, again] = [await ask(api, body), await ask(api, body)];
    const times = [first.seconds, first.cpuSeconds, again.seconds].map((seconds) => seconds.toFixed(2));
    const cells = [...times, (first.bytes / 1024).toFixed(0)];
    console.log(`| ${operationName} | ${cells.join(' | ')} |`);
    measured[operationName] = { first, again };
  }
  console.log(JSON.stringify({ runs: RUNS, testPatches: 0.8 * PATIENTS * patchesPerPatient, measured }));
} finally {
  await api?.stop();
  await postgres.stop();
  await rm(homeDir, { recursive: true, force: true });
}

async function ask({ url, readCpuSeconds }: ApiProcess, body: string) {
  const cpuBefore = await readCpuSeconds();
  const startedMs = performance.now();
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}/graphql`, { method: 'POST', headers, body });
  const text = await response.text();
  const { errors } = JSON.parse(text) as { errors?: { message: string }[] };
  if (errors) throw new Error(errors[0]?.message);
  const seconds = (performance.now() - startedMs) / 1000;
  return { seconds, cpuSeconds: (await readCpuSeconds()) - cpuBefore, bytes: text.length };
}

async function readDocument(): Promise<string> {
  const root = new URL('../../apps/web/', import.meta.url);
  return (await Promise.all(DOCUMENTS.map((path) => readFile(new URL(path, root), 'utf8')))).join('\n');
}

async function createRuns(store: Store): Promise<string[]> {
  const bench = await createBench(store, {
    patients: PATIENTS,
    patchesPerPatient,
    patchSizePx: PATCH_SIZE_PX,
    split: { fractions: FRACTIONS },
  });
  const predict = await createPredictions(store, bench);
  let evaluated: EvaluationWithIntervals | null = null;
  const runIds: string[] = [];
  for (let at = 0; at < RUNS; at++) {
    const run = await launchTestRun(store, bench, {
      seed: at,
      learningRate: 1e-4 * (1 + (at % 10)),
      epochs: EPOCHS,
    });
    await finishRun(store, run, await predict(at));
    await openTest(store, {
      runId: run.id,
      reason: 'benchmark',
      evaluate: (request) => (evaluated ??= evaluateWithIntervals(request)),
    });
    runIds.push(run.id);
  }
  return runIds;
}

/** Runs of rising skill, each with noise of its own on top of one that all share. */
async function createPredictions(store: Store, { split }: Bench) {
  const { indexes, labels } = await listLabelledPatches(store, {
    splitId: split.id,
    subset: 'TEST',
    sides: ['NEGATIVE', 'POSITIVE'],
  });
  const random = createRandom(1);
  const shared = Float64Array.from(labels, (label) => 2 * label - 1 + gaussian(random));
  return async (at: number) => {
    const own = createRandom(at + 2);
    const probabilities = shared.map((logit) => 1 / (1 + Math.exp(-logit - (1 - at / 400) * own.next())));
    return store.artifacts.put(
      encodePredictions({ patchIndexes: indexes, probabilities }),
      PREDICTIONS_MEDIA_TYPE,
    );
  };
}

async function finishRun(
  store: Store,
  { id: runId }: Run,
  predictions: Awaited<ReturnType<Store['artifacts']['put']>>,
) {
  const { attempt } = (await claimRun(store, { runId, workerId: 'bench' }))!;
  for (let epoch = 1; epoch <= EPOCHS; epoch++) {
    const metrics = Object.fromEntries(MAIN_CURVES.map((name) => [name, epoch / (EPOCHS + 1)]));
    const report = { runId, attempt, epoch, step: epoch, metrics, checkpoint: predictions, best: true };
    await recordEpoch(store, report);
  }
  await finishSucceeded(store, {
    runId,
    attempt,
    threshold: 0.5,
    temperature: 1,
    trainPatchesPerSecond: 1000,
    artifacts: {
      MODEL_JSON: predictions,
      MODEL_WEIGHTS: predictions,
      PREDICTIONS_VALIDATION: predictions,
      PREDICTIONS_TEST: predictions,
    },
    evaluation: createEvaluation({ auc: 0.8 }),
  });
}
