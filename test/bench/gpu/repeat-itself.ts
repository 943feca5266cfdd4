/**
 * Whether a backend gives the same bits twice from one seed, and the same bits when its process is killed half-way and
 * another one goes on from the state that was kept.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { BackendName } from '@microtome/domain/run/backends';
import type { RepeatAnswer, RepeatRequest } from './repeat-process.ts';

const PROCESS_FILE = fileURLToPath(new URL('./repeat-process.ts', import.meta.url));
const COMPLAINT_LENGTH = 2000;

export type Repetition = {
  network: string;
  device: string;
  steps: number;
  /** Two processes from the same seed end with the same bits. */
  isSameTwice: boolean;
  /** A killed one that another went on for ends with them too. */
  isSameAfterKill: boolean;
};

type Wanted = Omit<RepeatRequest, 'stateFile'> & {
  backend: BackendName;
  scratchDir: string;
  signal: AbortSignal;
};

/** @throws Error when a process ends without an answer, or `signal` is aborted */
export async function checkRepetition({ scratchDir, signal, ...request }: Wanted): Promise<Repetition> {
  const stateFile = (name: string) => join(scratchDir, `${request.backend}-${request.network}-${name}.state`);
  const run = async (name: string, killWhenSaved: boolean) => {
    const file = stateFile(name);
    return runOnce({ request: { ...request, stateFile: file }, killWhenSaved, signal });
  };
  try {
    const first = await run('first', false);
    const second = await run('second', false);
    await run('killed', true);
    const resumed = await run('killed', false);
    if (!first || !second || !resumed) throw new Error('A process was killed that should have ended.');
    return {
      network: request.network,
      device: first.device,
      steps: request.steps,
      isSameTwice: first.digest === second.digest,
      isSameAfterKill: first.digest === resumed.digest,
    };
  } finally {
    for (const name of ['first', 'second', 'killed']) await rm(stateFile(name), { force: true });
  }
}

type OneRun = { request: RepeatRequest; killWhenSaved: boolean; signal: AbortSignal };

/** Null for a process that was killed. */
async function runOnce({ request, killWhenSaved, signal }: OneRun) {
  const child = spawn(process.execPath, [PROCESS_FILE, JSON.stringify(request)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
  });
  const ended = once(child, 'close');
  ended.catch(() => undefined);
  const complaint = keepComplaint(child);
  for await (const line of createInterface({ input: child.stdout as Readable })) {
    const answer = JSON.parse(line) as RepeatAnswer;
    if (answer.kind === 'ended') {
      await ended;
      return answer;
    }
    if (killWhenSaved) child.kill('SIGKILL');
  }
  await ended;
  if (killWhenSaved) return null;
  throw new Error(`The process ended without an answer.\n${complaint()}`);
}

function keepComplaint(child: ChildProcess): () => string {
  let text = '';
  child.stderr?.setEncoding('utf8').on('data', (more: string) => {
    text = (text + more).slice(-COMPLAINT_LENGTH);
  });
  return () => text;
}
