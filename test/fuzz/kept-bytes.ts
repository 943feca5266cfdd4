/** What is held in memory when everything that can be freed is freed: what fuzzing must not make grow. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

export function measureKeptBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
