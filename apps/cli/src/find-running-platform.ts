/** Finds the platform that runs on this home folder, so that other commands use its database and not one of their own. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const placeSchema = z.object({
  pid: z.int(),
  databaseUrl: z.string(),
  artifactUrl: z.string(),
  apiUrl: z.string(),
});

export type RunningPlatform = z.infer<typeof placeSchema>;

/** Null when none runs, also when one was killed and left its file behind. */
export async function findRunningPlatform(homeDir: string): Promise<RunningPlatform | null> {
  const text = await readFile(join(homeDir, 'platform.json'), 'utf8').catch(() => null);
  if (text === null) return null;
  const place = placeSchema.parse(JSON.parse(text));
  return isAlive(place.pid) ? place : null;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Not ours to signal, but there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
