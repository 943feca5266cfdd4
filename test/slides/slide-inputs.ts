/** Slides to read: real ones where they are at hand, and files that a test makes for itself. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll } from 'vitest';

const FOLDER = fileURLToPath(new URL('../../../shared/data/', import.meta.url));

export const HAS_SLIDE_INPUTS = existsSync(join(FOLDER, 'layouts'));
export const WHERE_SLIDES_ABSENT = '(skipped where ../shared/data is absent)';

export function slideInput(name: string): string {
  return join(FOLDER, name);
}

/** A folder that lasts as long as the tests of a file, and what puts a file into it. */
export function useFolder(): { path: string; put(name: string, bytes: Buffer): Promise<string> } {
  const folder = {
    path: '',
    async put(name: string, bytes: Buffer) {
      const path = join(folder.path, name);
      await writeFile(path, bytes);
      return path;
    },
  };
  beforeAll(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'microtome-slides-'));
  });
  afterAll(() => rm(folder.path, { recursive: true, force: true }));
  return folder;
}
