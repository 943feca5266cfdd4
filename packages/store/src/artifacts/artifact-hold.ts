/**
 * While a backup reads artifacts, none is deleted: it holds a shared advisory lock of the database, and whatever frees
 * files takes the same lock alone first, or frees nothing this time. The lock goes with its connection, so a killed
 * backup holds nothing back.
 */
import type { ClientBase, Pool } from 'pg';

const KEY = "hashtext('microtome artifacts')";

/** Until `client` is closed. Waits for whatever is freeing files at this moment. */
export async function holdArtifacts(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_lock_shared(${KEY})`);
}

/** Does `free` unless a backup, or another process that frees, is at work; then gives null at once. */
export async function freeUnlessHeld<T>(pool: Pool, free: () => Promise<T>): Promise<T | null> {
  const client = await pool.connect();
  let isSound = true;
  try {
    const { rows } = await client.query<{ taken: boolean }>(`select pg_try_advisory_lock(${KEY}) as taken`);
    if (!rows[0]?.taken) return null;
    try {
      return await free();
    } finally {
      // A connection that cannot unlock is thrown away, and its lock with it.
      isSound = await client.query(`select pg_advisory_unlock(${KEY})`).then(
        () => true,
        () => false,
      );
    }
  } finally {
    client.release(!isSound);
  }
}
