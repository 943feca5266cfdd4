/**
 * Main file of the thread that makes batches: reads patches from the packed shards and augments them. It answers one
 * request after the other, in the memory that comes with it, and gives that away with the answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { invariant } from '@microtome/domain/app-error';
import { createBatchAssembler } from './batch-assembler.ts';
import type { BatchReply, BatchRequest, BatchThreadData } from './batch-stream.ts';
import { openWholePatches } from './whole-patches.ts';

const port = parentPort;
invariant(port, 'batches are made in a thread');
const { assembler: options, patches } = workerData as BatchThreadData;
const reader = openWholePatches(patches);
const assembler = createBatchAssembler(options, reader.read);

port.on('message', (request: BatchRequest) => {
  if (request.kind === 'images') {
    const images = assembler.assembleImages(request.indexes, request.memory);
    reply({ images }, [images.buffer]);
  } else {
    const training = assembler.assembleTraining(request, request.memory);
    reply({ training }, [training.images.buffer]);
  }
});

function reply(message: BatchReply, transferred: ArrayBufferLike[]): void {
  port?.postMessage(message, transferred as ArrayBuffer[]);
}
