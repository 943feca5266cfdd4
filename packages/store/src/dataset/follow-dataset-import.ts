/** Follows one import. A notification only says that its row is worth reading. */
import { AppError } from '@microtome/domain/app-error';
import type { DatasetImport } from '../../generated/prisma/client.ts';
import { createEventQueue } from '../database/event-queue.ts';
import type { Listener } from '../database/listen.ts';
import type { Store } from '../store.ts';

/** The row now, then after each change; ends when the import is over. NOT_FOUND when there is none. */
export async function* followDatasetImport(
  store: Store,
  { importId, listener, signal }: { importId: string; listener: Listener; signal: AbortSignal },
): AsyncGenerator<DatasetImport, void> {
  const queue = createEventQueue<string>();
  const look = () => queue.push(importId);
  const stopListening = listener.subscribe('dataset_import', (changedId) => {
    if (changedId === importId) look();
  });
  const stopWatching = listener.onReconnect(look);
  // Listening starts before the first read, so no change falls between the two.
  look();
  let lastShown = '';
  try {
    for await (const _hint of queue.read(signal)) {
      const row = await store.database.prisma.datasetImport.findUnique({ where: { id: importId } });
      if (!row) throw new AppError('NOT_FOUND', `There is no import '${importId}'.`);
      const shown = describeShown(row);
      if (shown !== lastShown) yield row;
      lastShown = shown;
      if (row.status !== 'RUNNING') return;
    }
  } finally {
    stopListening();
    stopWatching();
  }
}

/** Everything but the heartbeat, whose renewal every second is not worth reporting. */
function describeShown({ heartbeatAt: _, ...shown }: DatasetImport): string {
  return JSON.stringify(shown);
}
