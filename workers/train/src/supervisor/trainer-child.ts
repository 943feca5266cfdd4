/**
 * The trainer's process, seen from the supervisor. A training step blocks an event loop, so it has a process of its
 * own: it may crash, run out of memory or be killed while heartbeats and canceling go on.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES, type ErrorCode } from '@microtome/domain/app-error';
import type { SupervisorMessage, WorkMessage } from '../protocol/trainer-messages.ts';
import { TERMINATION_GRACE_MS } from '../tunables.ts';
import { describeTrainerEnvironment } from './trainer-environment.ts';

const TRAINER_FILE = fileURLToPath(new URL('../trainer/trainer-process.ts', import.meta.url));

export type TrainerEnd = { code: number | null; signal: NodeJS.Signals | null };

/** As a sentence; `errorOutput` is the end of what it wrote to standard error. */
export function describeDeath({ code, signal }: TrainerEnd, errorOutput: string): string {
  const how = signal ? `by ${signal} (the system sends SIGKILL when memory runs out)` : `with code ${code}`;
  const output = errorOutput.trim();
  return `The trainer's process was ended ${how}.${output ? ` Its last words: ${output}` : ''}`;
}

/** Whether a failure that a trainer reports may not come again in another attempt: a crash, or something outside the run. */
export function isWorthRetrying({ code }: { code: string }): boolean {
  return code === 'INTERNAL' || Boolean(ERROR_CODES[code as ErrorCode]?.retryable);
}

export type TrainerChild = {
  readonly pid: number;
  /** Resolves when the process is gone, however it ended. */
  readonly ended: Promise<TrainerEnd>;
  /** Asks it to stop behind its next checkpoint. */
  askHandOver(): void;
  /** Ends it, also in the middle of a step; resolves when it is gone. */
  terminate(): Promise<TrainerEnd>;
};

/** The kind of work decides which messages come. They arrive in the order in which they were sent, all of them before `ended` resolves. */
export function startTrainer<Message>(request: {
  work: WorkMessage;
  env: NodeJS.ProcessEnv;
  onMessage: (message: Message) => void;
  onErrorOutput: (text: string) => void;
}): TrainerChild {
  const child = fork(TRAINER_FILE, [], {
    env: describeTrainerEnvironment(request.env),
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  child.on('message', (message) => request.onMessage(message as Message));
  child.stderr?.setEncoding('utf8').on('data', request.onErrorOutput);
  const ended = waitForEnd(child);
  tell(child, request.work);
  return {
    pid: child.pid ?? 0,
    ended,
    askHandOver: () => tell(child, { kind: 'handOver' }),
    terminate: async () => {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), TERMINATION_GRACE_MS);
      const end = await ended;
      clearTimeout(timer);
      return end;
    },
  };
}

/** `close` comes after the last message and the last line of output; `error` when no process could be made. */
async function waitForEnd(child: ChildProcess): Promise<TrainerEnd> {
  try {
    const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
    return { code, signal };
  } catch {
    return { code: null, signal: null };
  }
}

/** A process that is gone gets no message: its end is reported elsewhere. */
function tell(child: ChildProcess, message: SupervisorMessage): void {
  if (child.connected) child.send(message, () => undefined);
}
