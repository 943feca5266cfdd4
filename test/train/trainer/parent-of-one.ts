/** Starts keeps-its-thread.ts, and tells its id once that has told it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const child = fork(fileURLToPath(new URL('keeps-its-thread.ts', import.meta.url)), { stdio: 'ignore' });
const [pid] = await once(child, 'message');
process.send!(pid);
