/** How much the platform's processes may write: everything, or nothing more. full-disk.ts obeys it. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PRELOAD_FILE = fileURLToPath(new URL('./full-disk.ts', import.meta.url));

export type Quota = {
  /** What makes Node load it in a process and its children. */
  nodeOptions: string;
  useUp(): Promise<void>;
  lift(): Promise<void>;
};

export function openQuota(homeDir: string): Quota {
  const sign = join(homeDir, 'quota-used-up');
  const url = pathToFileURL(PRELOAD_FILE);
  url.searchParams.set('sign', sign);
  return {
    nodeOptions: `--import=${url.href}`,
    useUp: () => writeFile(sign, ''),
    lift: () => rm(sign, { force: true }),
  };
}
