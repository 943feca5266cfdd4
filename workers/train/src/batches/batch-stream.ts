/**
 * Batches made ahead of the step, in a thread of their own: while the engine computes one, the next ones are read
 * and augmented. Two batches are ahead at any time, also across the border of an epoch. The memory of used images goes
 * back to the thread: filling it again costs a third of what fresh memory does.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { invariant } from '@microtome/domain/app-error';
import type { LocatedPatches } from '@microtome/store/dataset/shard-files';
import type { AssemblerOptions, BatchPosition, TrainingBatch } from './batch-assembler.ts';

const BATCHES_AHEAD = 2;
/** Two batches ahead and one in use, or two chunks of an evaluation. */
const SPARES_MAX = 4;

export type BatchThreadData = { assembler: AssemblerOptions; patches: LocatedPatches };
export type BatchRequest = (
  | ({ kind: 'training' } & BatchPosition)
  | { kind: 'images'; indexes: Int32Array }
) & {
  /** For the images of the answer. */
  memory?: ArrayBuffer;
};
export type BatchReply = { training: TrainingBatch } | { images: Uint8Array };

export type BatchStream = {
  /** The next training batch: from `start` on, one after the other, without end. */
  nextTraining(): Promise<TrainingBatch>;
  /** Images of patches that are not trained on, e.g. of VALIDATION. */
  readImages(indexes: Int32Array): Promise<Uint8Array>;
  /** Returns images that are no longer read: their memory is reused. */
  recycle(images: Uint8Array): void;
  close(): Promise<void>;
};

type Course = { start: BatchPosition; batchesPerEpoch: number };

/** Starts the thread. If it fails (a shard that cannot be read), the next request rejects. */
export async function openBatchStream(data: BatchThreadData, course: Course): Promise<BatchStream> {
  const thread = new Worker(new URL('./batch-thread.ts', import.meta.url), { workerData: data });
  const spares: ArrayBuffer[] = [];
  const ask = createAsker(thread, () => spares.shift());
  await once(thread, 'online');
  const ahead: Promise<TrainingBatch>[] = [];
  let position = course.start;
  const orderBatch = () => {
    const batch = ask({ kind: 'training', ...position }).then(takeTraining);
    batch.catch(() => undefined);
    ahead.push(batch);
    position = advance(position, course.batchesPerEpoch);
  };
  return {
    nextTraining() {
      while (ahead.length <= BATCHES_AHEAD) orderBatch();
      return ahead.shift() as Promise<TrainingBatch>;
    },
    readImages: (indexes) => ask({ kind: 'images', indexes }).then(takeImages),
    recycle({ buffer }) {
      if (spares.length < SPARES_MAX && buffer instanceof ArrayBuffer) spares.push(buffer);
    },
    close: async () => {
      await thread.terminate();
    },
  };
}

/** Replies come in the order of the requests: the thread does one after the other. */
function createAsker(
  thread: Worker,
  takeSpare: () => ArrayBuffer | undefined,
): (request: BatchRequest) => Promise<BatchReply> {
  const waiting: { resolve: (reply: BatchReply) => void; reject: (error: Error) => void }[] = [];
  let failure: Error | null = null;
  const fail = (error: Error) => {
    failure ??= error;
    for (const reply of waiting.splice(0)) reply.reject(failure);
  };
  thread.on('message', (reply: BatchReply) => {
    waiting.shift()?.resolve(reply);
  });
  thread.on('error', fail);
  thread.on('exit', (code) => fail(new Error(`The thread that makes batches ended with code ${code}.`)));
  return (request) =>
    new Promise((resolve, reject) => {
      if (failure) return reject(failure);
      waiting.push({ resolve, reject });
      const memory = takeSpare();
      thread.postMessage({ ...request, memory }, memory ? [memory] : []);
    });
}

function advance({ epochIndex, batchIndex }: BatchPosition, batchesPerEpoch: number): BatchPosition {
  return batchIndex + 1 < batchesPerEpoch
    ? { epochIndex, batchIndex: batchIndex + 1 }
    : { epochIndex: epochIndex + 1, batchIndex: 0 };
}

function takeTraining(reply: BatchReply): TrainingBatch {
  invariant('training' in reply, 'the thread answers a request for a training batch with one');
  return reply.training;
}

function takeImages(reply: BatchReply): Uint8Array {
  invariant('images' in reply, 'the thread answers a request for images with images');
  return reply.images;
}
