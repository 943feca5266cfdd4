/**
 * What this machine can train on, found by trying. Best first: backends on a GPU, then the backend made for
 * CPUs, then GPU backends that compute on the CPU, which are used only when asked for by name.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AppError } from '@microtome/domain/app-error';
import {
  AUTO_BACKEND,
  type BackendName,
  type BackendRequest,
  CPU_BACKEND,
  REQUESTABLE_BACKENDS,
} from '@microtome/domain/run/backends';
import type { Precision } from '@microtome/domain/run/precision';

const PROBE_FILE = fileURLToPath(new URL('./probe-backend.ts', import.meta.url));
/** A GPU's driver may compile shaders for a minute on first use. */
const PROBE_LIMIT_MS = 120_000;
const ERROR_OUTPUT_LENGTH = 1000;

export type DetectedBackend = {
  backend: BackendName;
  /** Its description, as runs on it show it. */
  device: string;
  versions: Record<string, string>;
  usesGpu: boolean;
  /** In which it can train here. */
  precisions: Precision[];
};

export type ProbeAnswer =
  | ({ works: true } & Omit<DetectedBackend, 'backend'>)
  | { works: false; reason: string };

type Detection = {
  /** What a trainer's process would inherit. */
  env: NodeJS.ProcessEnv;
  /** Called with the reason why a backend is not in the list. */
  onAbsent?: (absent: { backend: BackendName; reason: string }) => void;
};

export async function detectBackends({ env, onAbsent }: Detection): Promise<DetectedBackend[]> {
  const answers = await Promise.all(
    REQUESTABLE_BACKENDS.map(async (backend) => ({ backend, answer: await probeBackend(backend, env) })),
  );
  const found = answers.flatMap(({ backend, answer }): DetectedBackend[] => {
    if (!answer.works) {
      onAbsent?.({ backend, reason: answer.reason });
      return [];
    }
    return [describeFound(backend, answer)];
  });
  return rankBackends(found);
}

/** UNAVAILABLE, with the reason, when the one backend that was asked for does not work. */
export async function requireBackend(backend: BackendName, env: NodeJS.ProcessEnv): Promise<DetectedBackend> {
  const answer = await probeBackend(backend, env);
  if (!answer.works) throw new AppError('UNAVAILABLE', answer.reason);
  return describeFound(backend, answer);
}

function describeFound(
  backend: BackendName,
  { device, versions, usesGpu, precisions }: ProbeAnswer & { works: true },
): DetectedBackend {
  return { backend, device, versions, usesGpu, precisions };
}

/** What was asked for, if it works (else UNAVAILABLE), or the best that does. Drivers write to no terminal meanwhile. */
export async function chooseBackend(request: BackendRequest, env: NodeJS.ProcessEnv): Promise<BackendName> {
  if (request !== AUTO_BACKEND) return (await requireBackend(request, env)).backend;
  const [best] = await detectBackends({ env });
  return best?.backend ?? CPU_BACKEND;
}

/** GPUs first, then the backend made for CPUs, then the rest; their own order within each. */
export function rankBackends(found: readonly DetectedBackend[]): DetectedBackend[] {
  const rank = ({ backend, usesGpu }: DetectedBackend) => (usesGpu ? 0 : backend === CPU_BACKEND ? 1 : 2);
  return found.toSorted((a, b) => rank(a) - rank(b));
}

async function probeBackend(backend: BackendName, env: NodeJS.ProcessEnv): Promise<ProbeAnswer> {
  const child = fork(PROBE_FILE, [backend], {
    env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    timeout: PROBE_LIMIT_MS,
    killSignal: 'SIGKILL',
  });
  let answer: ProbeAnswer | null = null;
  let errorOutput = '';
  child.on('message', (message) => {
    answer = message as ProbeAnswer;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errorOutput = (errorOutput + text).slice(-ERROR_OUTPUT_LENGTH);
  });
  const end = await waitForEnd(child);
  return answer ?? { works: false, reason: describeEnd(backend, end, errorOutput) };
}

type End = { code: number | null; signal: NodeJS.Signals | null };

async function waitForEnd(child: ChildProcess): Promise<End> {
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal };
}

function describeEnd(backend: BackendName, { code, signal }: End, errorOutput: string): string {
  const how = signal ? `was ended by ${signal}` : `ended with code ${code}`;
  const lastLine = errorOutput.trim().split('\n').at(-1)?.trim();
  return `A process that tried the backend '${backend}' ${how}. Its last output: ${lastLine || 'none'}`;
}
