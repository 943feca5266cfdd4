import type { BackendRequest, WorkerLine } from '@microtome/domain/run/backends';
import { explainQueuedRun, findRunNeed, type LiveWorker } from '@microtome/domain/run/run-wait';
import { describe, expect, it } from 'vitest';

const gpu: LiveWorker = {
  hostname: 'bay3',
  backends: ['tensorflow', 'onnx'],
  precisions: ['float32'],
  isBusy: true,
};
const plain: LiveWorker = { hostname: 'bay4', backends: ['onnx'], precisions: ['float32'], isBusy: true };
const narrow: LiveWorker = { ...gpu, hostname: 'bay5', precisions: ['float32', 'bf16'] };

function explain(
  line: WorkerLine,
  {
    workers = [plain],
    ahead = 0,
    waiting = [],
  }: { workers?: LiveWorker[]; ahead?: number; waiting?: [WorkerLine, number][] },
) {
  const need = { line, isBound: false };
  return explainQueuedRun({ need, workers, aheadOfSameNeed: ahead, waitingFor: new Map(waiting) });
}

describe('a queued run', () => {
  it('without any worker, or without its backend, needs attention and says what is missing', () => {
    expect(explain('auto', { workers: [] })).toMatchObject({ code: 'NO_WORKER', needsAttention: true });
    expect(explain('webgpu', { workers: [gpu, plain] })).toEqual({
      code: 'NO_BACKEND',
      sentence:
        'It asks for webgpu (Vulkan), which no running worker has: bay3 has tensorflow, onnx; bay4 has onnx. Start a worker that has it, or launch the run with another backend.',
      needsAttention: true,
      ahead: 0,
    });
  });

  it('that is bound by its checkpoint is not told to ask for another backend', () => {
    const need = findRunNeed({
      requestedBackend: 'auto',
      backend: 'tensorflow',
      epochsDone: 3,
      carriedAt: null,
      hyperparameters: {},
    });
    expect(need).toEqual({ line: 'tensorflow', isBound: true });
    const { code, sentence } = explainQueuedRun({
      need,
      workers: [plain],
      aheadOfSameNeed: 0,
      waitingFor: new Map(),
    });
    expect(code).toBe('NO_BACKEND');
    expect(sentence).toContain('Its checkpoint is of tensorflow (CUDA)');
    expect(sentence).not.toContain('another backend');
  });

  it('whose job is carried by hand waits for its result, whatever checkpoint it has and although a worker is free', () => {
    const run = { requestedBackend: 'auto', backend: 'onnx', epochsDone: 3, carriedAt: new Date(0) };
    const need = findRunNeed({ ...run, hyperparameters: { precision: 'bf16' } });
    const { code, sentence, needsAttention } = explainQueuedRun({
      need,
      workers: [{ ...plain, isBusy: false }],
      aheadOfSameNeed: 0,
      waitingFor: new Map(),
    });
    expect([code, needsAttention]).toEqual(['CARRIED', true]);
    expect(sentence).toContain('import-result');
  });

  it('in bfloat16 needs a worker that trains in it, whatever backends the others have', () => {
    const run = { requestedBackend: 'tensorflow', backend: null, epochsDone: 0, carriedAt: null };
    const need = findRunNeed({ ...run, hyperparameters: { precision: 'bf16' } });
    expect(need).toEqual({ line: 'bf16', isBound: false });
    const wait = (workers: LiveWorker[], isBound = false) =>
      explainQueuedRun({ need: { ...need, isBound }, workers, aheadOfSameNeed: 0, waitingFor: new Map() });
    expect(wait([gpu, plain])).toEqual({
      code: 'NO_BACKEND',
      sentence:
        "It trains in bfloat16, which no running worker can: bay3 has tensorflow, onnx; bay4 has onnx. Start a worker with native TensorFlow on a processor that has AVX-512 BF16 or AMX, or launch the run with precision 'float32'.",
      needsAttention: true,
      ahead: 0,
    });
    expect(wait([gpu], true).sentence).not.toContain('float32');
    expect(wait([gpu, narrow])).toMatchObject({
      code: 'ALL_BUSY',
      sentence: 'The worker that has bfloat16 is busy; it is next.',
    });
    // It looks for those first, before what others can train as well.
    expect(explain('tensorflow', { workers: [narrow], waiting: [['bf16', 2]] }).ahead).toBe(2);
  });

  it('counts what its workers take first, and says when one is free', () => {
    expect(explain('auto', { workers: [gpu, plain], ahead: 2, waiting: [['auto', 9]] })).toEqual({
      code: 'ALL_BUSY',
      sentence: 'All 2 workers are busy; 2 runs come first.',
      needsAttention: false,
      ahead: 2,
    });
    // Both look for onnx before auto; tensorflow is what bay3 alone looks for.
    const waiting: [BackendRequest, number][] = [
      ['onnx', 3],
      ['tensorflow', 5],
    ];
    expect(explain('auto', { workers: [gpu, plain], ahead: 1, waiting }).ahead).toBe(4);
    expect(explain('tensorflow', { workers: [gpu, plain] }).sentence).toBe(
      'The worker that has tensorflow (CUDA) is busy; it is next.',
    );
    expect(explain('auto', { workers: [gpu, { ...plain, isBusy: false }] })).toMatchObject({
      code: 'STARTING',
      needsAttention: false,
    });
  });
});
