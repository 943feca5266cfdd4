/**
 * Whoever is measured: one of the worker's backends, or a peer in Python. Each is a process that is given work and
 * waits in between, so that several can take turns and meet the same noise of the machine.
 */
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@microtome/domain/run/backends';
import { describeTrainerEnvironment } from '@microtome/train/supervisor/trainer-environment';
import type {
  EndAnswer,
  MeasureAnswer,
  MeasureRequest,
  ServerRequest,
  StartAnswer,
  StartRequest,
} from './training-server.ts';

export type ContenderSpec = {
  name: string;
  command: readonly string[];
  /** null for a peer. */
  backend: BackendName | null;
  /** What it is asked for beyond the network: a peer on a GPU, another precision. */
  asks?: Pick<StartRequest, 'device' | 'precision'>;
};

export type Contender = {
  readonly spec: ContenderSpec;
  start(request: Omit<StartRequest, 'kind' | 'backend'>): Promise<StartAnswer>;
  measure(request: MeasureRequest): Promise<MeasureAnswer>;
  end(): Promise<EndAnswer>;
};

const PEERS = [
  { name: 'Keras', modules: ['keras', 'tensorflow'], script: './peers/keras_peer.py' },
  { name: 'PyTorch', modules: ['torch'], script: './peers/torch_peer.py' },
];

export function describeBackend(backend: BackendName): ContenderSpec {
  return { name: backend, command: [process.execPath, locate('./training-server.ts')], backend };
}

/** Native TensorFlow that trains in bfloat16. */
export function describeBf16(): ContenderSpec {
  return { ...describeBackend('tensorflow'), name: 'tensorflow, bf16', asks: { precision: 'bf16' } };
}

/** The peers whose libraries this Python has. */
export function findPeers(python: string): ContenderSpec[] {
  const found = PEERS.filter(({ modules }) => hasModules(python, modules));
  if (found.length === 0) throw new Error(`${python} has neither Keras with TensorFlow nor PyTorch.`);
  return found.map(({ name, script }) => ({ name, command: [python, locate(script)], backend: null }));
}

/** PyTorch on a GPU, in full precision and with bfloat16 where it is safe; none where it finds no GPU. */
export function findGpuPeers(python: string): ContenderSpec[] {
  const asked = [
    { suffix: '', asks: { device: 'gpu' } },
    { suffix: ', bf16', asks: { device: 'gpu', precision: 'bf16' } },
  ] as const;
  if (!succeeds(python, 'import sys, torch; sys.exit(not torch.cuda.is_available())')) return [];
  return findPeers(python)
    .filter(({ name }) => name === 'PyTorch')
    .flatMap((peer) => asked.map(({ suffix, asks }) => ({ ...peer, name: `${peer.name}${suffix}`, asks })));
}

function hasModules(python: string, modules: readonly string[]): boolean {
  const listed = JSON.stringify(modules);
  return succeeds(
    python,
    `import importlib.util, sys; sys.exit(any(importlib.util.find_spec(m) is None for m in ${listed}))`,
  );
}

function succeeds(python: string, program: string): boolean {
  try {
    execFileSync(python, ['-c', program], { stdio: 'ignore' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error(`There is no Python at ${python}.`);
    return false;
  }
}

/** Starts the process; what it says on standard error is shown once it has failed. An aborted `signal` kills it. */
export function openContender(spec: ContenderSpec, signal?: AbortSignal): Contender {
  const [command, ...args] = spec.command as [string, ...string[]];
  const child = spawn(command, args, {
    // A backend is measured as a run has it.
    env: spec.backend ? describeTrainerEnvironment(process.env) : process.env,
    stdio: ['pipe', 'pipe', 'pipe'],
    ...(signal ? { signal, killSignal: 'SIGKILL' } : {}),
  });
  const ask = createAsker(spec.name, child);
  return {
    spec,
    start: (request) =>
      ask({ kind: 'start', backend: spec.backend, ...spec.asks, ...request }) as Promise<StartAnswer>,
    measure: (request) => ask(request) as Promise<MeasureAnswer>,
    async end() {
      const answer = (await ask({ kind: 'end' })) as EndAnswer;
      child.stdin.end();
      await once(child, 'close');
      return answer;
    },
  };
}

/** One request at a time. Rejects when the process ends instead of answering. */
function createAsker(name: string, child: ChildProcessByStdio<Writable, Readable, Readable>) {
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(-2000);
  });
  child.stdin.on('error', () => undefined);
  const ended = once(child, 'close').then(([code]): never => {
    throw new Error(`${name} ended with status ${code}.\n${complaint}`);
  });
  ended.catch(() => undefined);
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return async (request: ServerRequest): Promise<unknown> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const line = await answers.next();
    return line.done ? ended : JSON.parse(line.value);
  };
}

function locate(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url));
}
