/** The home folder of a platform under fire: a small file system of its own where the system allows it, so that it can be filled. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SIZE = '768m';

export type Home = { dir: string; isOwnFileSystem: boolean };

/** Mounting takes root. */
export async function makeHome(): Promise<Home> {
  const dir = await mkdtemp(join(tmpdir(), 'microtome-faults-'));
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE},mode=0755`, 'tmpfs', dir]);
  return { dir, isOwnFileSystem: mounted.status === 0 };
}

export async function removeHome(dir: string): Promise<void> {
  spawnSync('umount', [dir]);
  await rm(dir, { recursive: true, force: true });
}
