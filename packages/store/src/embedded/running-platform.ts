/**
 * The file in a home folder that says where its platform runs, so that other commands on this machine can use its database
 * and its API. It holds the database's password, so only its owner may read it.
 */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { isProcessAlive } from './process-identity.ts';

const placeSchema = z.object({
  pid: z.int(),
  databaseUrl: z.string(),
  artifactUrl: z.string(),
  apiUrl: z.string(),
  webUrl: z.string(),
});

type RunningPlatform = z.infer<typeof placeSchema>;

/** Resolves to a function that removes the file. */
export async function announcePlatform(
  homeDir: string,
  place: RunningPlatform,
): Promise<() => Promise<void>> {
  const path = placeFile(homeDir);
  await writeFile(`${path}.tmp`, `${JSON.stringify(place, null, 2)}\n`, { mode: 0o600 });
  await rename(`${path}.tmp`, path);
  return () => rm(path, { force: true });
}

/** Null when none runs, even if one was killed and left its file behind. */
export async function findRunningPlatform(homeDir: string): Promise<RunningPlatform | null> {
  const text = await readFile(placeFile(homeDir), 'utf8').catch(() => null);
  if (text === null) return null;
  const place = placeSchema.parse(JSON.parse(text));
  return isProcessAlive(place.pid) ? place : null;
}

function placeFile(homeDir: string): string {
  return join(homeDir, 'platform.json');
}
