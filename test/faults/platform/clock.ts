/**
 * The clocks of the platform's processes, each of which can be moved while it runs: the system's own clock stays as it
 * is. What a process was told is in a file named after its script, which shifted-clock.ts reads.
 */
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PRELOAD_FILE = fileURLToPath(new URL('./shifted-clock.ts', import.meta.url));

/** The script whose processes are meant. */
export type ClockOwner = 'api' | 'train' | 'trainer';

export type Clocks = {
  /** What makes Node load the shift in a process and its children. */
  nodeOptions: string;
  shift(owner: ClockOwner, ms: number): Promise<void>;
  /** All of them tell the true time again. */
  reset(): Promise<void>;
};

export async function openClocks(homeDir: string): Promise<Clocks> {
  const folder = join(homeDir, 'clocks');
  await mkdir(folder, { recursive: true });
  const url = pathToFileURL(PRELOAD_FILE);
  url.searchParams.set('folder', folder);
  return {
    nodeOptions: `--import=${url.href} --disable-warning=ExperimentalWarning`,
    shift: (owner, ms) => writeFile(join(folder, owner), String(ms)),
    async reset() {
      await rm(folder, { recursive: true, force: true });
      await mkdir(folder, { recursive: true });
    },
  };
}
