/** Runs as they are written for MLflow clients: a page of runs that were asked for before is put together of what was written then. */
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import { readRunRows } from '@microtome/store/mlflow/run-rows';
import type { RevisedRun } from '@microtome/store/run/run-revision';
import { RevisedCache } from '../execution/revised-cache.ts';
import { describeRun } from './run-json.ts';

const KEPT_CHARACTERS = 32_000_000;

/** By the database whose runs they are. */
const kept = new WeakMap<ScopedStore['database'], RevisedCache<string>>();

function findKept({ database }: ScopedStore): RevisedCache<string> {
  const known = kept.get(database);
  if (known) return known;
  const opened = new RevisedCache<string>(KEPT_CHARACTERS, (text) => text.length);
  kept.set(database, opened);
  return opened;
}

/** In their order; those that are gone by now are left out. */
export async function writeRuns(store: ScopedStore, found: readonly RevisedRun[]): Promise<string[]> {
  // Who is at home elsewhere is told other ids of experiments.
  const nameKey = (id: string) => `${id} ${store.scope.homeId}`;
  const own = findKept(store);
  const { known: texts, missing } = await own.find(store, found, nameKey);
  const revisions = new Map(missing.map((run) => [run.id, run]));
  for (const row of await readRunRows(store, [...revisions.keys()])) {
    const text = JSON.stringify(describeRun(row));
    texts.set(row.id, text);
    const revised = revisions.get(row.id);
    if (revised) own.keep(nameKey(row.id), revised, text);
  }
  return found.flatMap(({ id }) => texts.get(id) ?? []);
}
