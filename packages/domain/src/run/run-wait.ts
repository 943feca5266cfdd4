/**
 * Why a run waits, as a code and a sentence: the one rule behind the run's page, the lists, the launch form, the
 * commands and the API. A wait that only a person can end says so.
 */
import {
  AUTO_BACKEND,
  type BackendRequest,
  CARRIED,
  listRequestsFor,
  type RunLine,
  titleBackend,
} from './backends.ts';

export const RUN_WAIT_CODES = {
  NO_WORKER: 'No worker is running at all.',
  NO_BACKEND: 'Workers are running, but none has its backend.',
  ALL_BUSY: 'Every worker that can train it is at work on something else.',
  STARTING: 'A worker is free and takes it within moments, or after the runs that come first.',
  CARRIED: 'A person carries its job to another machine, and brings the result back.',
  MACHINE: 'It has a worker, which waits for the database, a disk or the artifact store.',
} as const;

export type RunWaitCode = keyof typeof RUN_WAIT_CODES;

export type RunWait = {
  code: RunWaitCode;
  sentence: string;
  /** It lasts until a person does something. */
  needsAttention: boolean;
  /** Runs that its workers take before it; 0 where none can take it. */
  ahead: number;
};

/** What a run has to be trained on. */
export type RunNeed = {
  backend: RunLine;
  /** The backend of its checkpoint: no other can go on with it. */
  isBound: boolean;
};

/** A worker that was heard of lately. Busy: with a run, or with what takes minutes. */
export type LiveWorker = { hostname: string; backends: readonly string[]; isBusy: boolean };

type WaitFacts = {
  need: RunNeed;
  workers: readonly LiveWorker[];
  /** Runs of the same need that come first. */
  aheadOfSameNeed: number;
  /** How many runs wait for each request. */
  waitingFor: ReadonlyMap<RunLine, number>;
};

const WORKERS_NAMED = 4;
const BRING_BACK =
  "Its job is carried by hand to a machine without a network: 'npm run import-result -- FOLDER' takes the result in, 'npm run export-job -- RUN --take-back' gives it to the workers here.";
export const NO_WORKER_SENTENCE =
  "No worker is running. Start one with 'npm run worker' on a machine that reaches the database and the artifacts.";

export function findRunNeed(run: {
  requestedBackend: string;
  backend: string | null;
  epochsDone: number;
  carriedAt: Date | null;
}): RunNeed {
  if (run.carriedAt) return { backend: CARRIED, isBound: false };
  if (run.epochsDone > 0 && run.backend) return { backend: run.backend as BackendRequest, isBound: true };
  return { backend: run.requestedBackend as BackendRequest, isBound: false };
}

/** Why a run that is QUEUED has not begun. */
export function explainQueuedRun({ need, workers, aheadOfSameNeed, waitingFor }: WaitFacts): RunWait {
  if (need.backend === CARRIED) {
    return { code: 'CARRIED', sentence: BRING_BACK, needsAttention: true, ahead: 0 };
  }
  const { backend } = need;
  if (workers.length === 0) {
    return {
      code: 'NO_WORKER',
      sentence: NO_WORKER_SENTENCE,
      needsAttention: true,
      ahead: 0,
    };
  }
  const able = workers.filter(({ backends }) => listRequestsFor(backends).includes(backend));
  if (able.length === 0) return explainMissingBackend({ ...need, backend }, workers);
  const ahead = aheadOfSameNeed + countTakenFirst(backend, { able, waitingFor });
  const first = ahead === 0 ? 'it is next' : `${countRuns(ahead)} first`;
  if (able.some(({ isBusy }) => !isBusy)) {
    const sentence =
      ahead === 0 ? 'A worker is free and takes it within moments.' : `A worker is free; ${first}.`;
    return { code: 'STARTING', sentence, needsAttention: false, ahead };
  }
  const which =
    backend === AUTO_BACKEND ? '' : ` that ${able.length === 1 ? 'has' : 'have'} ${titleBackend(backend)}`;
  const busy =
    able.length === 1 ? `The worker${which} is busy` : `All ${able.length} workers${which} are busy`;
  return { code: 'ALL_BUSY', sentence: `${busy}; ${first}.`, needsAttention: false, ahead };
}

/** What the worker of a RUNNING run says that it waits for. */
export function explainStoppedRun(waitingFor: string): RunWait {
  return { code: 'MACHINE', sentence: waitingFor, needsAttention: true, ahead: 0 };
}

type WorkerNeed = RunNeed & { backend: BackendRequest };

function explainMissingBackend({ backend, isBound }: WorkerNeed, workers: readonly LiveWorker[]): RunWait {
  const title = titleBackend(backend);
  const need = isBound
    ? `Its checkpoint is of ${title}, and only that backend can go on with it`
    : `It asks for ${title}`;
  const named = workers
    .slice(0, WORKERS_NAMED)
    .map(({ hostname, backends }) => `${hostname} has ${backends.join(', ') || 'none'}`);
  const others = workers.length - named.length;
  const has = [...named, ...(others > 0 ? [`${others} more workers do not have it either`] : [])].join('; ');
  const way = isBound
    ? 'Start a worker that has it.'
    : 'Start a worker that has it, or launch the run with another backend.';
  return {
    code: 'NO_BACKEND',
    sentence: `${need}, which no running worker has: ${has}. ${way}`,
    needsAttention: true,
    ahead: 0,
  };
}

/** Runs of other needs that each of these workers takes before one of this need. */
function countTakenFirst(
  backend: BackendRequest,
  { able, waitingFor }: { able: readonly LiveWorker[] } & Pick<WaitFacts, 'waitingFor'>,
): number {
  const takenFirst = able.map(({ backends }) => {
    const requests = listRequestsFor(backends);
    return requests.slice(0, requests.indexOf(backend));
  });
  return (takenFirst[0] ?? [])
    .filter((request) => takenFirst.every((requests) => requests.includes(request)))
    .reduce((sum, request) => sum + (waitingFor.get(request) ?? 0), 0);
}

function countRuns(count: number): string {
  return count === 1 ? 'one run comes' : `${count} runs come`;
}
