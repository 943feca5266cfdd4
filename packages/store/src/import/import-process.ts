/**
 * The process in which the API runs one import, so that decoding never slows a request down. It learns what to
 * do by one message (addresses hold passwords, which command lines would show), and ends when its parent does.
 */
import { once } from 'node:events';
import { AppError } from '@microtome/domain/app-error';
import { z } from 'zod';
import { openArtifactStore } from '../artifacts/open-artifact-store.ts';
import { openDatabase } from '../database/database.ts';
import { importOptionsSchema } from './import-options.ts';
import { runRecordedImport } from './run-recorded-import.ts';

/** Connections: one for the transaction that saves, one for progress. */
const POOL_SIZE = 2;
/** After being told to stop; a read that hangs must not keep an orphan alive. */
const STOP_TIMEOUT_MS = 10_000;

const orderSchema = z.object({
  databaseUrl: z.string(),
  artifactUrl: z.string(),
  importId: z.string(),
  options: importOptionsSchema,
});

export type ImportOrder = z.infer<typeof orderSchema>;

await main();

async function main(): Promise<void> {
  const signal = abortWhenTold();
  const [message] = await once(process, 'message');
  const order = orderSchema.parse(message);
  const database = openDatabase({ databaseUrl: order.databaseUrl, poolSize: POOL_SIZE });
  const artifacts = openArtifactStore(order.artifactUrl);
  try {
    await runRecordedImport({
      database,
      artifacts,
      importId: order.importId,
      options: order.options,
      signal,
    });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    process.exitCode = 1;
  } finally {
    await database.close();
    if (process.connected) process.disconnect();
  }
  process.exit();
}

function abortWhenTold(): AbortSignal {
  const stopped = new AbortController();
  const stop = () => {
    const sentence =
      'The import was interrupted because the program that ran it was stopped. Start it again.';
    stopped.abort(new AppError('UNAVAILABLE', sentence));
    setTimeout(() => process.exit(1), STOP_TIMEOUT_MS).unref();
  };
  for (const event of ['SIGTERM', 'SIGINT', 'disconnect']) process.once(event, stop);
  return stopped.signal;
}
