/**
 * One file with everything that a run needs to continue: weights, optimizer, random state, position, the best weights so
 * far and the history that schedules and early stopping look at. A run that is killed and resumed from it ends as
 * if it had not been. Layout: magic, length of the header, header (JSON), then the tensors as little-endian float32.
 */
import { endianness } from 'node:os';
import { AppError, invariant } from '@microtome/domain/app-error';
import { BACKEND_NAMES, type BackendName } from '@microtome/domain/run/backends';
import { z } from 'zod';
import type { Normalisation } from '../engine/normalisation.ts';
import type { EngineState, NamedTensor } from '../engine/training-engine.ts';

export const CHECKPOINT_MEDIA_TYPE = 'application/vnd.microtome.checkpoint';

const MAGIC = 'MTCKPT01';
const ALIGNMENT_BYTES = 8;
const HEADER_START = MAGIC.length + 8;
const BYTES_PER_VALUE = Float32Array.BYTES_PER_ELEMENT;

export type Checkpoint = {
  runId: string;
  /** The backend that made it: only the same one may go on. */
  backend: BackendName;
  batchSize: number;
  epochsDone: number;
  /** Optimizer steps so far. */
  stepsDone: number;
  /** The monitored VALIDATION metric of every epoch so far; null where it was undefined. */
  history: (number | null)[];
  /** Epoch (from 1) whose weights are `bestWeights`. */
  bestEpoch: number;
  normalisation: Normalisation;
  /** Patches and seconds of the training loop so far, over all attempts; see TrainingThroughput. */
  throughput: { patches: number; seconds: number };
  engine: EngineState;
  bestWeights: NamedTensor[];
};

const tensorHeader = z.object({ name: z.string(), shape: z.array(z.number().int().min(0)) });
const headerSchema = z.object({
  runId: z.string(),
  backend: z.enum(BACKEND_NAMES),
  batchSize: z.number().int().positive(),
  epochsDone: z.number().int().positive(),
  stepsDone: z.number().int().positive(),
  history: z.array(z.number().nullable()),
  bestEpoch: z.number().int().positive(),
  normalisation: z.object({ mean: z.array(z.number()).length(3), sd: z.array(z.number()).length(3) }),
  throughput: z.object({ patches: z.number(), seconds: z.number() }),
  randomState: z.number().int().min(0),
  engineTensors: z.array(tensorHeader),
  bestWeights: z.array(tensorHeader),
});

export function encodeCheckpoint(checkpoint: Checkpoint): Buffer {
  invariant(endianness() === 'LE', 'checkpoints are written on little-endian machines');
  const { engine, bestWeights, ...position } = checkpoint;
  const header: z.input<typeof headerSchema> = {
    ...position,
    randomState: engine.randomState,
    engineTensors: engine.tensors.map(describeTensor),
    bestWeights: bestWeights.map(describeTensor),
  };
  const json = Buffer.from(JSON.stringify(header));
  const padding = (ALIGNMENT_BYTES - ((HEADER_START + json.length) % ALIGNMENT_BYTES)) % ALIGNMENT_BYTES;
  const start = Buffer.alloc(HEADER_START);
  start.write(MAGIC, 'latin1');
  start.writeBigUInt64LE(BigInt(json.length + padding), MAGIC.length);
  const tensors = [...engine.tensors, ...bestWeights].map(({ values }) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  return Buffer.concat([start, json, Buffer.alloc(padding, ' '), ...tensors]);
}

/** BAD_INPUT when the bytes are no checkpoint, or not a whole one. */
export function decodeCheckpoint(bytes: Buffer): Checkpoint {
  if (bytes.length < HEADER_START || bytes.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new AppError('BAD_INPUT', 'This file is not a checkpoint: it does not begin with its mark.');
  }
  const tensorsStart = HEADER_START + Number(bytes.readBigUInt64LE(MAGIC.length));
  const { randomState, engineTensors, bestWeights, ...position } = parseHeader(bytes, tensorsStart);
  const take = createTensorReader(bytes, tensorsStart);
  const checkpoint: Checkpoint = {
    ...position,
    engine: { randomState, tensors: engineTensors.map(take.next) },
    bestWeights: bestWeights.map(take.next),
  };
  take.finish();
  return checkpoint;
}

function parseHeader(bytes: Buffer, end: number): z.output<typeof headerSchema> {
  if (end > bytes.length) throw cutShort(bytes);
  const parsed = headerSchema.safeParse(JSON.parse(bytes.toString('utf8', HEADER_START, end)));
  if (parsed.success) return parsed.data;
  throw new AppError('BAD_INPUT', `The checkpoint's header is not valid: ${z.prettifyError(parsed.error)}`);
}

function createTensorReader(bytes: Buffer, start: number) {
  let at = start;
  return {
    next({ name, shape }: z.output<typeof tensorHeader>): NamedTensor {
      const length = shape.reduce((product, size) => product * size, 1) * BYTES_PER_VALUE;
      if (at + length > bytes.length) throw cutShort(bytes);
      const values = new Float32Array(
        bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + length),
      );
      at += length;
      return { name, shape, values };
    },
    finish() {
      if (at !== bytes.length) throw cutShort(bytes);
    },
  };
}

function describeTensor({ name, shape, values }: NamedTensor): { name: string; shape: number[] } {
  const size = shape.reduce((product, length) => product * length, 1);
  invariant(size === values.length, `tensor ${name} has as many values as its shape says`);
  return { name, shape };
}

function cutShort(bytes: Buffer): AppError {
  return new AppError(
    'BAD_INPUT',
    `The checkpoint of ${bytes.length} bytes is not whole: its tensors need another length.`,
  );
}
