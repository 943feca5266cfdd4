/**
 * While a backup reads artifacts, none is deleted: it holds an advisory lock of the database alone, and whatever frees
 * files shares that lock meanwhile, or frees nothing this time. The lock goes with its connection, so a killed backup
 * holds nothing back.
 */
import type { ClientBase, Pool } from 'pg';

const KEY = "hashtext('microtome artifacts')";

/** Until `releaseArtifacts`, or until `client` is closed. Waits for whatever is freeing files at this moment, and for another backup. */
export async function holdArtifacts(client: ClientBase): Promise<void> {
  await client.query(`select pg_advisory_lock(${KEY})`);
}

/** Ends the client's transaction too. A connection that is broken has released them, or does so when it is closed. */
export async function releaseArtifacts(client: ClientBase): Promise<void> {
  await client.query(`rollback; select pg_advisory_unlock(${KEY})`).catch(() => undefined);
}

/** Does `free`, unless a backup is at work: then gives null at once. */
export async function freeUnlessHeld<T>(pool: Pool, free: () => Promise<T>): Promise<T | null> {
  const client = await pool.connect();
  let isSound = true;
  try {
    const { rows } = await client.query<{ taken: boolean }>(
      `select pg_try_advisory_lock_shared(${KEY}) as taken`,
    );
    if (!rows[0]?.taken) return null;
    try {
      return await free();
    } finally {
      // A connection that cannot unlock is thrown away, and its lock with it.
      isSound = await client.query(`select pg_advisory_unlock_shared(${KEY})`).then(
        () => true,
        () => false,
      );
    }
  } finally {
    client.release(!isSound);
  }
}
