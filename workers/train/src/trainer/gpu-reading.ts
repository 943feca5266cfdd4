/**
 * What an NVIDIA GPU is doing, asked of the driver's own command. Where there is none (or another make), nothing is
 * known and nothing is reported: absent is not zero.
 */
import { execFile } from 'node:child_process';

const QUERY = ['--query-gpu=memory.used,utilization.gpu', '--format=csv,noheader,nounits'];
const TIMEOUT_MS = 2000;
const BYTES_PER_MEBIBYTE = 2 ** 20;

/** Of the first GPU: memory in use by all processes, and the share of the last moments in which it worked, 0..1. */
export type GpuReading = { gpuMemoryBytes: number; gpuUse: number };

/** Null where the command is absent, fails or is slow. Never rejects; the caller goes on computing meanwhile. */
export async function readGpu(command = 'nvidia-smi'): Promise<GpuReading | null> {
  const output = await new Promise<string | null>((resolve) => {
    execFile(command, QUERY, { timeout: TIMEOUT_MS }, (error, stdout) => resolve(error ? null : stdout));
  });
  return output === null ? null : parseGpuReading(output);
}

/** "1234, 56" in MiB and per cent; cards that do not tell answer "[N/A]". */
export function parseGpuReading(output: string): GpuReading | null {
  const [memory, use] = (output.split('\n')[0] ?? '')
    .split(',')
    .map((cell) => Number(cell.trim() || Number.NaN));
  if (!Number.isFinite(memory) || !Number.isFinite(use)) return null;
  return { gpuMemoryBytes: (memory as number) * BYTES_PER_MEBIBYTE, gpuUse: (use as number) / 100 };
}
