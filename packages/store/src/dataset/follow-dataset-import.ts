/**
 * Follows one import. A notification only says that its row is worth reading, which is done once for all followers of a
 * process.
 */
import { AppError } from '@microtome/domain/app-error';
import type { DatasetImport } from '../../generated/prisma/client.ts';
import { createEventQueue } from '../database/event-queue.ts';
import type { Listener } from '../database/listen.ts';
import { createSharedLook } from '../database/shared-look.ts';
import type { Store } from '../store.ts';

const LOOK_INTERVAL_MS = 5_000;

type Follower = {
  importId: string;
  /** The row as it was just read; null when there is none. */
  tell(row: DatasetImport | null): void;
  fail(error: unknown): void;
};

type ImportFeed = { enter(follower: Follower): () => void };

const feeds = new WeakMap<Listener, ImportFeed>();

/** The row now, then after each change; ends when the import is over. NOT_FOUND when there is none. */
export async function* followDatasetImport(
  store: Store,
  { importId, listener, signal }: { importId: string; listener: Listener; signal: AbortSignal },
): AsyncGenerator<DatasetImport, void> {
  const queue = createEventQueue<string, DatasetImport | null>();
  const feed = feeds.get(listener) ?? createImportFeed(store, listener);
  feeds.set(listener, feed);
  const leave = feed.enter({ importId, tell: (row) => queue.push(importId, row), fail: queue.fail });
  let lastShown = '';
  try {
    for await (const row of queue.read(signal)) {
      if (!row) throw new AppError('NOT_FOUND', `There is no import '${importId}'.`);
      const shown = describeShown(row);
      if (shown !== lastShown) yield row;
      lastShown = shown;
      if (row.status !== 'RUNNING') return;
    }
  } finally {
    leave();
  }
}

function createImportFeed(store: Store, listener: Listener): ImportFeed {
  const followers = new Set<Follower>();
  const look = createSharedLook<string>({
    listener,
    channels: { dataset_import: (importId) => importId },
    async look(importIds) {
      const asked = new Set(importIds);
      const told = [...followers].filter(({ importId }) => asked.has(importId));
      if (told.length === 0) return;
      const rows = await store.database.prisma.datasetImport.findMany({
        where: { id: { in: [...new Set(told.map(({ importId }) => importId))] } },
      });
      const found = new Map(rows.map((row) => [row.id, row]));
      for (const { importId, tell } of told) tell(found.get(importId) ?? null);
    },
    onError(importIds, error) {
      for (const { importId, fail } of followers) if (importIds.includes(importId)) fail(error);
    },
    listMissed: async () => [...followers].map(({ importId }) => importId),
    intervalMs: LOOK_INTERVAL_MS,
  });
  return {
    enter(follower) {
      followers.add(follower);
      const leave = look.enter();
      look.mark(follower.importId);
      return () => {
        followers.delete(follower);
        leave();
      };
    },
  };
}

/** Everything but the heartbeat, whose renewal every second is not worth reporting. */
function describeShown({ heartbeatAt: _, ...shown }: DatasetImport): string {
  return JSON.stringify(shown);
}
