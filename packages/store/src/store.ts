/** Everything durable of one process: database, artifacts, queue. Opened once, handed to functions, closed at the end. */

import type { S3Credentials } from './artifacts/artifact-s3.ts';
import type { ArtifactStore } from './artifacts/artifacts.ts';
import { openArtifactStore } from './artifacts/open-artifact-store.ts';
import { type Database, openDatabase } from './database/database.ts';
import { requireDatabase } from './database/database-status.ts';
import { openQueue, type Queue } from './queue/queue.ts';

export type Store = {
  database: Database;
  artifacts: ArtifactStore;
  queue: Queue;
  close(): Promise<void>;
};

type StoreOptions = {
  databaseUrl: string;
  artifactUrl: string;
  /** Most database connections held at once. */
  poolSize?: number;
  /** After how long the server rolls back a transaction in which nothing is done; never when left out. */
  idleTransactionMs?: number;
  s3?: S3Credentials;
  /** Called with errors of the queue outside any call; by default they are a warning of the process. */
  onError?(error: Error): void;
};

/** The database must be migrated. @throws AppError UNAVAILABLE when it is not, or does not answer */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { databaseUrl, artifactUrl, poolSize, idleTransactionMs, s3 } = options;
  const { onError = (error: Error) => process.emitWarning(error) } = options;
  const artifacts = openArtifactStore(artifactUrl, s3);
  const database = openDatabase({ databaseUrl, poolSize, idleTransactionMs });
  try {
    await requireDatabase(database);
    const queue = await openQueue(database, onError);
    return {
      database,
      artifacts,
      queue,
      async close() {
        await queue.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}
