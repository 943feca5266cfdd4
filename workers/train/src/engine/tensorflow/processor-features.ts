/** What the processor of this machine can do, in Linux's words. */
import { readFileSync } from 'node:fs';

const CPU_INFO = '/proc/cpuinfo';
const FEATURES = /^flags\s*:(.*)$/m;

/** Empty where Linux lists no features of an x86 processor. */
export function readProcessorFeatures(file = CPU_INFO): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    return new Set();
  }
  return new Set(FEATURES.exec(text)?.[1]?.trim().split(/\s+/));
}
