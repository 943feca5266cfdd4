/** Runs as they are written for MLflow clients: a page of runs that were asked for before is put together of the bytes of then. */
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import { readRunRows } from '@microtome/store/mlflow/run-rows';
import type { RevisedRun } from '@microtome/store/run/run-revision';
import { RevisedCache } from '../execution/revised-cache.ts';
import { describeRun } from './run-json.ts';

const KEPT_BYTES = 32_000_000;

/** By the database whose runs they are. */
const kept = new WeakMap<ScopedStore['database'], RevisedCache<Buffer>>();

function findKept({ database }: ScopedStore): RevisedCache<Buffer> {
  const known = kept.get(database);
  if (known) return known;
  const opened = new RevisedCache<Buffer>(KEPT_BYTES, (bytes) => bytes.length);
  kept.set(database, opened);
  return opened;
}

/** In their order; those that are gone by now are left out. */
export async function writeRuns(store: ScopedStore, found: readonly RevisedRun[]): Promise<Buffer[]> {
  // Who is at home elsewhere is told other ids of experiments.
  const nameKey = (id: string) => `${id} ${store.scope.homeId}`;
  const own = findKept(store);
  const { known: written, missing } = await own.find(store, found, nameKey);
  const revisions = new Map(missing.map((run) => [run.id, run]));
  for (const row of await readRunRows(store, [...revisions.keys()])) {
    const bytes = Buffer.from(JSON.stringify(describeRun(row)));
    written.set(row.id, bytes);
    const revised = revisions.get(row.id);
    if (revised) own.keep(nameKey(row.id), revised, bytes);
  }
  return found.flatMap(({ id }) => written.get(id) ?? []);
}
