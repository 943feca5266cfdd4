/** A small dataset, a split and an experiment in a database of their own, and workers that train on them. */
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';
import { createListener, type Listener } from '@microtome/store/database/listen';
import { createExperiment } from '@microtome/store/experiment/experiments';
import type { Run, RunEvent } from '@microtome/store/generated/prisma/client';
import { followRunEvents } from '@microtome/store/run/follow-run-events';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { createSplit } from '@microtome/store/split/create-split';
import type { Store } from '@microtome/store/store';
import { pino } from 'pino';
import { type Supervisor, startSupervisor } from '../../workers/train/src/supervisor/supervisor.ts';
import { readNodeOptions } from '../env.ts';
import { insertDataset } from '../fixtures/dataset.ts';
import { createTestStore, type TestStore } from '../test-store.ts';

const WORKER_FILE = fileURLToPath(new URL('../../workers/train/src/main.ts', import.meta.url));
const SETTLED = ['SUCCEEDED', 'FAILED', 'CANCELED'];

/** Tiny and slow to learn, so that epochs differ. */
const TINY = { width: 0.25, batchSize: 12, epochs: 3, learningRate: 3e-4, seed: 7 };

export type WorkerFixture = TestStore & {
  listener: Listener;
  experimentId: string;
  splitId: string;
  /** On `onnx` unless another backend is named. */
  launch(hyperparameters?: Record<string, unknown>, backend?: string): Promise<Run>;
  /** Every event of a run from the first on, until the caller stops. */
  follow(runId: string): AsyncGenerator<RunEvent>;
  /** Resolves with the run when it has settled. */
  waitUntilSettled(runId: string): Promise<Run>;
};

export async function createWorkerFixture(): Promise<WorkerFixture> {
  const test = await createTestStore();
  const { store } = test;
  const { datasetId } = await insertDataset(store, {
    patients: 12,
    patchesPerPatient: 24,
    patchSizePx: 16,
    seed: 5,
    stripsPerPatient: 2,
  });
  const fractions = { train: 0.6, validation: 0.2, test: 0.2 };
  const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1, fractions });
  const experiment = await createExperiment(store, { datasetId, name: 'worker' });
  const listener = createListener(test.databaseUrl);
  const follow = async function* (runId: string) {
    for await (const row of followRunEvents(store, { runId, afterSeq: 0, listener })) {
      if ('seq' in row) yield row;
    }
  };
  return {
    ...test,
    listener,
    experimentId: experiment.id,
    splitId: split!.id,
    launch: (hyperparameters = {}, backend = 'onnx') =>
      launchRun(store, {
        experimentId: experiment.id,
        splitId: split!.id,
        hyperparameters: { ...TINY, ...hyperparameters },
        backend,
      }),
    follow,
    async waitUntilSettled(runId) {
      for await (const { kind, payload } of follow(runId)) {
        if (kind === 'STATUS' && SETTLED.includes((payload as { status: string }).status)) break;
      }
      return store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
    },
    async close() {
      await listener.close();
      await test.close();
    },
  };
}

export type TestWorker = Supervisor & {
  /** The process of the trainer of each attempt, as it starts. */
  onTrainer(listener: (pid: number) => void): void;
};

export async function startWorker(
  store: Store,
  options: {
    leaseStaleMs?: number;
    backends?: BackendName[];
    precisions?: Precision[];
    trainerEnv?: NodeJS.ProcessEnv;
    modelLimits?: { memoryBytes: number; silenceMs: number };
  } = {},
): Promise<TestWorker> {
  const listeners: ((pid: number) => void)[] = [];
  const write = (line: string) => {
    const { trainerPid } = JSON.parse(line) as { trainerPid?: number };
    if (trainerPid) for (const listener of listeners) listener(trainerPid);
  };
  const supervisor = await startSupervisor({
    store,
    workerId: `test-${randomUUID()}`,
    backends: ['onnx'],
    device: 'test',
    versions: {},
    threads: 1,
    trainerEnv: readNodeOptions(),
    log: pino({ level: 'info' }, { write }),
    ...options,
  });
  return { ...supervisor, onTrainer: (listener) => listeners.push(listener) };
}

/** A worker in a process of its own, to be killed. */
export function forkWorker({
  databaseUrl,
  artifactUrl,
}: Pick<TestStore, 'databaseUrl' | 'artifactUrl'>): ChildProcess {
  const settings = { TRAIN_BACKEND: 'onnx', TRAIN_THREADS: '1', LOG_LEVEL: 'silent' };
  return fork(WORKER_FILE, [], {
    env: { ...readNodeOptions(), DATABASE_URL: databaseUrl, ARTIFACT_URL: artifactUrl, ...settings },
    execArgv: [],
  });
}
