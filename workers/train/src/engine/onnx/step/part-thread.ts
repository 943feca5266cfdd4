/** Main file of the thread that computes parts of each batch: a message says which, the answer that they are done. */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@microtome/domain/app-error';
import { openPartSession, type PartPlan } from './part-session.ts';

const port = parentPort;
invariant(port, 'parts of a batch are computed in a thread');
const session = await openPartSession(workerData as PartPlan);

port.on('message', async (parts: readonly number[]) => {
  await session.run(parts);
  port.postMessage(null);
});
port.postMessage(null);
