/** What an epoch cost the machine, apart from the seconds of its parts: memory, tensors, and the GPU where there is one. */
import type { MachineMetric } from '@microtome/domain/metrics/metric';
import { memory } from '@tensorflow/tfjs';
import { type GpuReading, readGpu } from './gpu-reading.ts';

export type MachineMeter = {
  /** Asks the GPU while it computes; once it was found absent, it is not asked again. */
  watchGpu(): void;
  /** Absent figures are not in the result. */
  read(): Promise<Partial<Record<MachineMetric, number>>>;
};

export function createMachineMeter(askGpu: () => Promise<GpuReading | null> = readGpu): MachineMeter {
  /** Null until it has been asked once; one slow answer later on does not make a GPU absent. */
  let isThere: boolean | null = null;
  let reading: Promise<GpuReading | null> = Promise.resolve(null);
  return {
    watchGpu() {
      if (isThere !== false) reading = askGpu();
    },
    async read() {
      const gpu = await reading;
      isThere = isThere || gpu !== null;
      return {
        ...readResidentMemory(),
        tensorsAlive: memory().numTensors,
        ...gpu,
      };
    },
  };
}

/** A root without /proc does not tell. */
function readResidentMemory(): { residentMemoryBytes?: number } {
  try {
    return { residentMemoryBytes: process.memoryUsage.rss() };
  } catch {
    return {};
  }
}
