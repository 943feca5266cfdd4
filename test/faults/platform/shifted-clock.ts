/**
 * Loaded into every Node process of a platform under fire: lets its clock be moved at run time, by as many milliseconds
 * as a file says. The file is named after the process's script: `api`, `train` (a worker) or `trainer`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const LOOK_INTERVAL_MS = 100;

const folder = new URL(import.meta.url).searchParams.get('folder') ?? '';
const [, owner] = /\/([\w-]+)\/(?:src\/main|trainer-process)\.ts$/.exec(process.argv[1] ?? '') ?? [];

if (owner) moveClock(join(folder, owner));

function moveClock(file: string): void {
  const readTrueTime = Date.now;
  let shiftMs = 0;
  let lookedMs = Number.NEGATIVE_INFINITY;
  const readTime = () => {
    if (performance.now() - lookedMs > LOOK_INTERVAL_MS) {
      lookedMs = performance.now();
      shiftMs = readShift(file);
    }
    return readTrueTime() + shiftMs;
  };
  Date.now = readTime;
  globalThis.Date = new Proxy(Date, {
    construct: (target, args, asked) =>
      Reflect.construct(target, args.length === 0 ? [readTime()] : args, asked) as object,
  });
}

function readShift(file: string): number {
  try {
    return Number(readFileSync(file, 'utf8')) || 0;
  } catch {
    return 0;
  }
}
