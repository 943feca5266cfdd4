/**
 * The backends that compute a training step, best first, each with what can be known before one is tried. The
 * worker, the queue, the command line, the API and the launch form all read this list; to add one, add it here and say
 * in the worker's `engine/open-backend.ts` how it is opened.
 */
import { AppError } from '../app-error.ts';

type BackendFacts = {
  /** Its name for people: what it computes on, or through. */
  title: string;
  /** GPU: on a machine without one it does not work, or is slower than a backend for the CPU. */
  computesOn: 'GPU' | 'CPU';
  /** Whether the same seed gives the same bits on `REPEATS_ON`; ON_REQUEST: if the run is `deterministic`. */
  repeatsBits: 'ALWAYS' | 'ON_REQUEST';
  /** False: a worker cannot be asked for it. */
  isRequestable: boolean;
};

export const BACKENDS = {
  tensorflow: {
    title: 'tensorflow (CUDA)',
    computesOn: 'GPU',
    repeatsBits: 'ON_REQUEST',
    isRequestable: true,
  },
  webgpu: {
    title: 'webgpu (Vulkan)',
    computesOn: 'GPU',
    repeatsBits: 'ON_REQUEST',
    isRequestable: true,
  },
  onnx: {
    title: 'onnx (CPU)',
    computesOn: 'CPU',
    repeatsBits: 'ALWAYS',
    isRequestable: true,
  },
  /** TensorFlow.js in plain JavaScript: the numeric reference of the tests, thousands of times too slow to train. */
  cpu: {
    title: 'cpu (plain JavaScript)',
    computesOn: 'CPU',
    repeatsBits: 'ALWAYS',
    isRequestable: false,
  },
} as const satisfies Record<string, BackendFacts>;

/** Where the same seed can give the same bits. Products of matrices are summed up in another order on other numbers of threads. */
export const REPEATS_ON = 'the same kind of processor, with as many threads';

export type BackendName = keyof typeof BACKENDS;

export const AUTO_BACKEND = 'auto' as const;

/** What a run may ask for: one backend, or the best that its worker has. */
export type BackendRequest = BackendName | typeof AUTO_BACKEND;

/** What a run is in line for: its backend, bfloat16, or a person who carries its job to a machine without a network. */
export type RunLine = WorkerLine | typeof CARRIED;
export const CARRIED = 'carried' as const;

/** The lines from which workers take. One backend computes in bfloat16, and not everywhere: that line says both. */
export type WorkerLine = BackendRequest | typeof BF16_LINE;
export const BF16_LINE = 'bf16' as const;

/** What a worker can train on and in. */
export type WorkerAbilities = { backends: readonly string[]; precisions: readonly string[] };

/** Works on every machine: what `auto` takes where no GPU answers. */
export const CPU_BACKEND = 'onnx' satisfies BackendName;

export const BACKEND_NAMES = Object.keys(BACKENDS) as BackendName[];

/** What a worker tries, best first. */
export const REQUESTABLE_BACKENDS = BACKEND_NAMES.filter((name) => BACKENDS[name].isRequestable);

export const BACKEND_REQUESTS: readonly BackendRequest[] = [AUTO_BACKEND, ...REQUESTABLE_BACKENDS];

export function isBackendName(text: string): text is BackendName {
  return Object.hasOwn(BACKENDS, text);
}

/** Its name for people. */
export function titleBackend(request: BackendRequest): string {
  return request === AUTO_BACKEND ? 'any backend' : (BACKENDS[request]?.title ?? request);
}

/** From which lines a worker takes, in the order in which it looks: what not every worker can train comes first. */
export function listLinesFor({ backends, precisions }: WorkerAbilities): WorkerLine[] {
  return [
    ...(precisions.includes(BF16_LINE) ? [BF16_LINE] : []),
    ...REQUESTABLE_BACKENDS.filter((backend) => backends.includes(backend)),
    AUTO_BACKEND,
  ];
}

/** BAD_INPUT that names the backends there are. */
export function parseBackendRequest(text: string): BackendRequest {
  const request = BACKEND_REQUESTS.find((known) => known === text);
  if (request) return request;
  throw new AppError(
    'BAD_INPUT',
    `Backend '${text}' is unknown: it must be one of ${BACKEND_REQUESTS.join(', ')}.`,
  );
}
