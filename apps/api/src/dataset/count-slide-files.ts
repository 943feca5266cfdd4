/** How many files of a folder are slides by their names, so that a folder of slides is seen before it is opened. */
import { opendir } from 'node:fs/promises';
import { isSlideName } from '@microtome/domain/tiling/slide-name';
import pLimit from 'p-limit';

/** A folder may hold millions of patches; so many entries of it tell what it is. */
const ENTRIES_READ = 1000;
const READ_AT_ONCE = 8;

const limit = pLimit(READ_AT_ONCE);

/** Among its first thousand entries, folders within it left out; 0 where it cannot be read. */
export function countSlideFiles(folder: string): Promise<number> {
  return limit(() => count(folder).catch(() => 0));
}

async function count(folder: string): Promise<number> {
  let [read, slides] = [0, 0];
  for await (const entry of await opendir(folder)) {
    if (entry.isFile() && isSlideName(entry.name)) slides += 1;
    read += 1;
    if (read === ENTRIES_READ) break;
  }
  return slides;
}
