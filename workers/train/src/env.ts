/** The worker's environment, read once. The trainer gets a copy without anything that opens the database. */

import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { AUTO_BACKEND, BACKEND_REQUESTS, type BackendRequest } from '@microtome/domain/run/backends';
import { z } from 'zod';

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
const DATABASE_VARIABLES = /^(DATABASE_URL|PG[A-Z]+)$/;

const schema = z.object({
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  ARTIFACT_URL: z.string().optional(),
  MICROTOME_HOME: z.string().min(1).default('.microtome'),
  TRAIN_BACKEND: z.enum(BACKEND_REQUESTS).default(AUTO_BACKEND),
  TRAIN_THREADS: z.coerce.number().int().min(1).max(256).optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('info'),
});

export type WorkerEnv = {
  /** Null when it is not set: the platform of `homeDir` has a database of its own. */
  databaseUrl: string | null;
  artifactUrl: string;
  homeDir: string;
  backend: BackendRequest;
  threads: number | null;
  logLevel: (typeof LOG_LEVELS)[number];
};

/** BAD_INPUT names every variable that has no valid value. */
export function readWorkerEnv(source: NodeJS.ProcessEnv = process.env): WorkerEnv {
  const present = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = schema.safeParse(present);
  if (!parsed.success) {
    throw new AppError('BAD_INPUT', `The environment is not valid:\n${z.prettifyError(parsed.error)}`);
  }
  const { DATABASE_URL, ARTIFACT_URL, MICROTOME_HOME, TRAIN_BACKEND, TRAIN_THREADS, LOG_LEVEL } = parsed.data;
  const homeDir = path.resolve(MICROTOME_HOME);
  return {
    databaseUrl: DATABASE_URL ?? null,
    artifactUrl: ARTIFACT_URL ?? `file:${homeDir}/artifacts`,
    homeDir,
    backend: TRAIN_BACKEND,
    threads: TRAIN_THREADS ?? null,
    logLevel: LOG_LEVEL,
  };
}

/** What a trainer process inherits: everything (credentials of the artifact store, GPU settings) but the database. */
export function readTrainerEnv(source: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(source).filter(([name]) => !DATABASE_VARIABLES.test(name)));
}

export type TensorflowSettings = {
  /** The same bits from the same seed, where the kernels allow it. */
  deterministic: boolean;
  /** CPU threads of an operation; as many as there are cores when left out. */
  threads?: number | undefined;
};

/** Native TensorFlow reads its settings from the environment when its first operation runs. */
export function setTensorflowEnv({ deterministic, threads }: TensorflowSettings, target = process.env): void {
  target.TF_CPP_MIN_LOG_LEVEL ??= '1';
  // Off by itself on processors without AVX-512, where its kernels are several times faster too.
  target.TF_ENABLE_ONEDNN_OPTS ??= '1';
  if (deterministic) target.TF_DETERMINISTIC_OPS = '1';
  if (threads !== undefined) target.TF_NUM_INTRAOP_THREADS = String(threads);
  // Operations side by side take the cache from each other, and threads beyond those that were allowed.
  target.TF_NUM_INTEROP_THREADS ??= '1';
}
