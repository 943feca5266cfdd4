/** What the database says about itself. */
import type { Store } from './store.ts';

/** For example `PostgreSQL 18.4`. */
export async function getDatabaseVersion({ database }: Store): Promise<string> {
  const { rows } = await database.pool.query<{ server_version: string }>('show server_version');
  return `PostgreSQL ${rows[0]?.server_version.split(' ')[0] ?? 'of an unknown version'}`;
}
