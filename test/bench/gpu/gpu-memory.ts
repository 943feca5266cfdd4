/** The memory of an NVIDIA GPU while something is measured on it; null where its tool is not at hand. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const INTERVAL_MS = 250;
const MEBIBYTE = 2 ** 20;
const QUERY = ['--query-gpu=memory.used', '--format=csv,noheader,nounits'];

/** Runs `work`; the most that was in use meanwhile, over what was in use before, in bytes. */
export async function watchGpuMemory<Result>(
  work: () => Promise<Result>,
): Promise<{ result: Result; gpuBytes: number | null }> {
  const before = await readUsedBytes();
  if (before === null) return { result: await work(), gpuBytes: null };
  let most = before;
  let isReading = false;
  const timer = setInterval(async () => {
    if (isReading) return;
    isReading = true;
    most = Math.max(most, (await readUsedBytes()) ?? 0);
    isReading = false;
  }, INTERVAL_MS);
  try {
    const result = await work();
    return { result, gpuBytes: most - before };
  } finally {
    clearInterval(timer);
  }
}

async function readUsedBytes(): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('nvidia-smi', QUERY);
    return Number(stdout.split('\n')[0]) * MEBIBYTE;
  } catch {
    return null;
  }
}
