/** A process that computes a model of a stranger ends with its parent, also when its main thread never gets free again. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { isProcessAlive } from '@microtome/store/embedded/process-identity';
import { expect, it, onTestFinished } from 'vitest';

const PARENT_FILE = fileURLToPath(new URL('./parent-of-one.ts', import.meta.url));
const TIMEOUT_MS = 60_000;

it(
  'is gone when its parent was killed',
  async () => {
    const parent = fork(PARENT_FILE, { stdio: 'ignore' });
    const [pid] = (await once(parent, 'message')) as [number];
    onTestFinished(() => {
      if (isProcessAlive(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(isProcessAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    await expect.poll(() => isProcessAlive(pid), { timeout: TIMEOUT_MS / 2 }).toBe(false);
  },
  TIMEOUT_MS,
);
