/**
 * Bounds for a child process that runs a stranger's model: so much memory, and never silent for long. It is looked at from
 * outside, because a process that computes cannot look at itself.
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const LOOK_INTERVAL_MS = 200;
const KIBIBYTE = 1024;
const GIBIBYTE = 1024 ** 3;

export type ChildLimits = { memoryBytes: number; silenceMs: number };

export type ChildWatch = {
  /** It gave a sign of life. */
  hear(): void;
  stop(): void;
};

/** `onExceeded` is told once, in a sentence. */
export function watchChild(
  pid: number,
  { limits, onExceeded }: { limits: ChildLimits; onExceeded: (message: string) => void },
): ChildWatch {
  let heardMs = performance.now();
  let timer: NodeJS.Timeout | null = null;
  let isOver = false;
  const end = (message: string) => {
    if (!isOver) onExceeded(message);
    isOver = true;
  };
  const look = async () => {
    if (performance.now() - heardMs > limits.silenceMs) {
      end(`The model gave nothing within ${limits.silenceMs / 1000} seconds, and was stopped.`);
    }
    const bytes = await measureMemory(pid);
    if (bytes > limits.memoryBytes) {
      end(
        `The model took more than ${(limits.memoryBytes / GIBIBYTE).toFixed(1)} GiB of memory, and was stopped.`,
      );
    }
    if (!isOver) timer = setTimeout(look, LOOK_INTERVAL_MS);
  };
  timer = setTimeout(look, LOOK_INTERVAL_MS);
  return {
    hear() {
      heardMs = performance.now();
    },
    stop() {
      isOver = true;
      if (timer) clearTimeout(timer);
    },
  };
}

/** Memory that the process really holds; 0 when it is gone. */
async function measureMemory(pid: number): Promise<number> {
  try {
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * KIBIBYTE;
  } catch {
    // No such process, or a system that has no such file.
    const answer = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)]).catch(() => null);
    return Number(answer?.stdout.trim() ?? 0) * KIBIBYTE;
  }
}
