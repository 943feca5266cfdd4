/**
 * Why a run waits, as a code and a sentence: the one rule behind the run's page, the lists, the launch form, the
 * commands and the API. A wait that only a person can end says so.
 */
import {
  AUTO_BACKEND,
  type BackendRequest,
  BF16_LINE,
  CARRIED,
  listLinesFor,
  type RunLine,
  titleBackend,
  type WorkerAbilities,
  type WorkerLine,
} from './backends.ts';
import { asksForBf16 } from './precision.ts';

export const RUN_WAIT_CODES = {
  NO_WORKER: 'No worker is running at all.',
  NO_BACKEND: 'Workers are running, but none has its backend, or none can train in its precision.',
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

/** What a run has to be trained on, or in. */
export type RunNeed = {
  line: RunLine;
  /** The backend of its checkpoint: no other can go on with it. */
  isBound: boolean;
};

/** A worker that was heard of lately. Busy: with a run, or with what takes minutes. */
export type LiveWorker = WorkerAbilities & { hostname: string; isBusy: boolean };

type WaitFacts = {
  need: RunNeed;
  workers: readonly LiveWorker[];
  /** Runs of the same need that come first. */
  aheadOfSameNeed: number;
  /** How many runs wait in each line. */
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
  hyperparameters: unknown;
}): RunNeed {
  if (run.carriedAt) return { line: CARRIED, isBound: false };
  const bound = run.epochsDone > 0 ? run.backend : null;
  const line = asksForBf16(run.hyperparameters) ? BF16_LINE : (bound ?? run.requestedBackend);
  return { line: line as WorkerLine, isBound: bound !== null };
}

/** Why a run that is QUEUED has not begun. */
export function explainQueuedRun({ need, workers, aheadOfSameNeed, waitingFor }: WaitFacts): RunWait {
  const { line } = need;
  if (line === CARRIED) {
    return { code: 'CARRIED', sentence: BRING_BACK, needsAttention: true, ahead: 0 };
  }
  if (workers.length === 0) {
    return {
      code: 'NO_WORKER',
      sentence: NO_WORKER_SENTENCE,
      needsAttention: true,
      ahead: 0,
    };
  }
  const able = workers.filter((worker) => listLinesFor(worker).includes(line));
  if (able.length === 0) {
    const sentence =
      line === BF16_LINE
        ? sayBf16IsMissing(need, workers)
        : sayBackendIsMissing(line, { isBound: need.isBound, workers });
    return { code: 'NO_BACKEND', sentence, needsAttention: true, ahead: 0 };
  }
  const ahead = aheadOfSameNeed + countTakenFirst(line, { able, waitingFor });
  const first = ahead === 0 ? 'it is next' : `${countRuns(ahead)} first`;
  if (able.some(({ isBusy }) => !isBusy)) {
    const sentence =
      ahead === 0 ? 'A worker is free and takes it within moments.' : `A worker is free; ${first}.`;
    return { code: 'STARTING', sentence, needsAttention: false, ahead };
  }
  const have = ` that ${able.length === 1 ? 'has' : 'have'}`;
  const which =
    line === AUTO_BACKEND ? '' : `${have} ${line === BF16_LINE ? 'bfloat16' : titleBackend(line)}`;
  const busy =
    able.length === 1 ? `The worker${which} is busy` : `All ${able.length} workers${which} are busy`;
  return { code: 'ALL_BUSY', sentence: `${busy}; ${first}.`, needsAttention: false, ahead };
}

/** What the worker of a RUNNING run says that it waits for. */
export function explainStoppedRun(waitingFor: string): RunWait {
  return { code: 'MACHINE', sentence: waitingFor, needsAttention: true, ahead: 0 };
}

function sayBackendIsMissing(
  backend: BackendRequest,
  { isBound, workers }: Pick<RunNeed, 'isBound'> & Pick<WaitFacts, 'workers'>,
): string {
  const title = titleBackend(backend);
  const need = isBound
    ? `Its checkpoint is of ${title}, and only that backend can go on with it`
    : `It asks for ${title}`;
  const way = isBound
    ? 'Start a worker that has it.'
    : 'Start a worker that has it, or launch the run with another backend.';
  return `${need}, which no running worker has: ${nameWorkers(workers)}. ${way}`;
}

function sayBf16IsMissing({ isBound }: RunNeed, workers: WaitFacts['workers']): string {
  const way = isBound ? '' : ", or launch the run with precision 'float32'";
  return (
    `It trains in bfloat16, which no running worker can: ${nameWorkers(workers)}. ` +
    `Start a worker with native TensorFlow on a processor that has AVX-512 BF16 or AMX${way}.`
  );
}

function nameWorkers(workers: WaitFacts['workers']): string {
  const named = workers
    .slice(0, WORKERS_NAMED)
    .map(({ hostname, backends }) => `${hostname} has ${backends.join(', ') || 'none'}`);
  const others = workers.length - named.length;
  return [...named, ...(others > 0 ? [`${others} more workers do not have it either`] : [])].join('; ');
}

/** Runs of other needs that each of these workers takes before one of this need. */
function countTakenFirst(
  line: WorkerLine,
  { able, waitingFor }: { able: readonly LiveWorker[] } & Pick<WaitFacts, 'waitingFor'>,
): number {
  const takenFirst = able.map((worker) => {
    const lines = listLinesFor(worker);
    return lines.slice(0, lines.indexOf(line));
  });
  return (takenFirst[0] ?? [])
    .filter((first) => takenFirst.every((lines) => lines.includes(first)))
    .reduce((sum, first) => sum + (waitingFor.get(first) ?? 0), 0);
}

function countRuns(count: number): string {
  return count === 1 ? 'one run comes' : `${count} runs come`;
}
