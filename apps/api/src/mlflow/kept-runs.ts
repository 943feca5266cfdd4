/**
 * Runs as they are written for MLflow clients, kept for as long as their revision stays: a page of runs that were asked for before
 * is put together of them. The database counts it in the commit that changes what is shown.
 */
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import { readRunRows } from '@microtome/store/mlflow/run-rows';
import type { FoundRun } from '@microtome/store/mlflow/search-runs';
import { LRUCache } from 'lru-cache';
import { describeRun } from './run-json.ts';

const KEPT_CHARACTERS = 32_000_000;

type KeptTexts = LRUCache<string, { revision: string; text: string }>;

/** By the database whose runs they are. */
const kept = new WeakMap<ScopedStore['database'], KeptTexts>();

function findKept({ database }: ScopedStore): KeptTexts {
  const known = kept.get(database);
  if (known) return known;
  const opened: KeptTexts = new LRUCache({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ text }) => text.length,
  });
  kept.set(database, opened);
  return opened;
}

/** In their order; those that are gone by now are left out. */
export async function writeRuns(store: ScopedStore, found: readonly FoundRun[]): Promise<string[]> {
  // Who is at home elsewhere is told other ids of experiments.
  const nameKey = (id: string) => `${id} ${store.scope.homeId}`;
  const own = findKept(store);
  const texts = new Map<string, string>();
  const missing: FoundRun[] = [];
  for (const run of found) {
    const known = own.get(nameKey(run.id));
    if (known?.revision === run.revision) texts.set(run.id, known.text);
    else missing.push(run);
  }
  const rows = await readRunRows(
    store,
    missing.map(({ id }) => id),
  );
  const revisions = new Map(missing.map(({ id, revision }) => [id, revision]));
  for (const row of rows) {
    const text = JSON.stringify(describeRun(row));
    texts.set(row.id, text);
    own.set(nameKey(row.id), { revision: revisions.get(row.id) ?? '', text });
  }
  return found.flatMap(({ id }) => texts.get(id) ?? []);
}
