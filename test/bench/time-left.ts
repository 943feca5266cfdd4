/**
 * Whether the time left that a run reports is right: real runs by a real worker, every report as a client would get it
 * next to what was truly left. Options: `--dataset PATH` (a folder or zip in the IDC layout), `--max-patches N`. Prints
 * estimate over truth at the first report after the first epoch and over all later ones, and as its last line one JSON
 * object with every report.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createListener } from '@microtome/store/database/listen';
import { migrateDatabase } from '@microtome/store/database/migrate';
import { startEmbeddedPostgres } from '@microtome/store/embedded/embedded-postgres';
import { createExperiment } from '@microtome/store/experiment/experiments';
import { importDataset } from '@microtome/store/import/import-dataset';
import { followRunEvents } from '@microtome/store/run/follow-run-events';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { createSplit } from '@microtome/store/split/create-split';
import { openStore } from '@microtome/store/store';
import { startSupervisor } from '@microtome/train/supervisor/supervisor';
import { pino } from 'pino';

const DEFAULT_PATH = fileURLToPath(new URL('../../../shared/data/idc-mini.zip', import.meta.url));
/** With less left than this a ratio says nothing that anybody waits for. */
const LEAST_LEFT_SECONDS = 2;
const USUAL = { train: 0.6, validation: 0.2, test: 0.2 };
const LARGE_VALIDATION = { train: 0.2, validation: 0.6, test: 0.2 };
const RUNS = [
  { fractions: USUAL, hyperparameters: { architecture: 'shallow', epochs: 3 } },
  { fractions: USUAL, hyperparameters: { architecture: 'shallow', epochs: 25 } },
  { fractions: USUAL, hyperparameters: { architecture: 'deep', epochs: 5 } },
  { fractions: USUAL, hyperparameters: { architecture: 'colour-baseline', epochs: 20 } },
  { fractions: LARGE_VALIDATION, hyperparameters: { architecture: 'shallow', epochs: 5 } },
  { fractions: LARGE_VALIDATION, hyperparameters: { architecture: 'deep', epochs: 10 } },
];
type PlannedRun = (typeof RUNS)[number];
type Report = { atSeconds: number; estimateSeconds: number; trueSeconds: number };

const { values: options } = parseArgs({
  options: { dataset: { type: 'string', default: DEFAULT_PATH }, 'max-patches': { type: 'string' } },
});
if (!existsSync(options.dataset)) {
  console.log(`There is no ${options.dataset}: name a folder or zip in the IDC layout.\nnull`);
  process.exit();
}
const homeDir = await mkdtemp(join(tmpdir(), 'microtome-bench-time-left-'));
const postgres = await startEmbeddedPostgres({ homeDir, durable: false });
await migrateDatabase(postgres.databaseUrl);
const listener = createListener(postgres.databaseUrl);
const store = await openStore({
  databaseUrl: postgres.databaseUrl,
  artifactUrl: `file:${join(homeDir, 'artifacts')}`,
});
const worker = await startSupervisor({
  store,
  workerId: 'bench',
  backends: ['onnx'],
  device: 'CPU',
  versions: {},
  threads: null,
  trainerEnv: {},
  log: pino({ level: 'silent' }),
});
try {
  const maxPatches = options['max-patches'] ? Number(options['max-patches']) : null;
  const { datasetId } = await importDataset({ ...store, path: options.dataset, maxPatches });
  const experiment = await createExperiment(store, { datasetId, name: 'time left' });
  console.log(
    '| network | TRAIN, VALIDATION, TEST patches | epochs | seconds | after epoch 1 | later: least | median | most |',
  );
  console.log('|---|---|---:|---:|---:|---:|---:|---:|');
  const measured = [];
  for (const planned of RUNS) measured.push(await measureRun(planned, experiment));
  console.log(JSON.stringify(measured));
} finally {
  await worker.close();
  await listener.close();
  await store.close();
  await postgres.stop();
  await rm(homeDir, { recursive: true, force: true });
}

async function measureRun(
  { fractions, hyperparameters }: PlannedRun,
  experiment: { id: string; datasetId: string },
) {
  const { datasetId } = experiment;
  const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1, fractions });
  const splitId = split!.id;
  const run = await launchRun(store, {
    experimentId: experiment.id,
    splitId,
    hyperparameters,
    backend: 'onnx',
  });
  const { reports, seconds } = await listReports(run.id);
  const ratios = reports
    .filter(({ trueSeconds }, index) => index > 0 && trueSeconds >= LEAST_LEFT_SECONDS)
    .map(({ estimateSeconds, trueSeconds }) => estimateSeconds / trueSeconds)
    .sort((a, b) => a - b);
  const first = reports[0]!.estimateSeconds / reports[0]!.trueSeconds;
  const sizes = [split!.trainPatches, split!.validationPatches, split!.testPatches].join(', ');
  const spread = [ratios[0], ratios[ratios.length >> 1], ratios.at(-1)];
  console.log(
    `| ${hyperparameters.architecture} | ${sizes} | ${hyperparameters.epochs} | ${seconds.toFixed(1)} | ` +
      `${[first, ...spread].map((ratio) => ratio?.toFixed(2) ?? '–').join(' | ')} |`,
  );
  return { ...hyperparameters, sizes, seconds, first, reports };
}

/** Every report from the end of the first epoch on, with what was truly left; and how long the run took. */
async function listReports(runId: string): Promise<{ reports: Report[]; seconds: number }> {
  const seen: { atSeconds: number; estimateSeconds: number }[] = [];
  let [beganMs, epochsDone] = [performance.now(), 0];
  for await (const row of followRunEvents(store, { runId, afterSeq: 0, listener })) {
    const atSeconds = (performance.now() - beganMs) / 1000;
    if ('seq' in row) {
      const { status } = row.payload as { status?: string };
      if (row.kind === 'EPOCH') epochsDone++;
      if (status === 'RUNNING') beganMs = performance.now();
      if (status === 'FAILED') throw new Error(`Run ${runId} failed.`);
      if (status !== 'SUCCEEDED') continue;
      const reports = seen.map((report) => ({ ...report, trueSeconds: atSeconds - report.atSeconds }));
      return { reports, seconds: atSeconds };
    }
    if (epochsDone > 0 && row.secondsLeft !== null) {
      seen.push({ atSeconds, estimateSeconds: row.secondsLeft });
    }
  }
  throw new Error(`Run ${runId} never ended.`);
}
