/** What the database says about itself, and whether it can be used at all. */
import { AppError } from '@microtome/domain/app-error';
import type { Database } from './database.ts';
import { describePlace, describeRefusal } from './database-errors.ts';

/** For example `PostgreSQL 18.4`. */
export async function getDatabaseVersion({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ server_version: string }>('show server_version');
  return `PostgreSQL ${rows[0]?.server_version.split(' ')[0] ?? 'of an unknown version'}`;
}

/**
 * Checks once that the database answers and has our tables, so that a process ends at its start with a clear sentence.
 * The sentence names server and database, never the password.
 * @throws AppError UNAVAILABLE
 */
export async function requireDatabase({ pool, url }: Database): Promise<void> {
  const place = describePlace(url);
  const { rows } = await pool
    .query<{ exists: boolean }>("select to_regclass('public.run') is not null as exists")
    .catch((error: unknown) => {
      throw new AppError('UNAVAILABLE', `${place} cannot be used: ${describeRefusal(error)}.`, {
        cause: error,
      });
    });
  if (!rows[0]?.exists) {
    throw new AppError('UNAVAILABLE', `${place} has no Microtome tables: run 'npm run migrate' on it first.`);
  }
}
