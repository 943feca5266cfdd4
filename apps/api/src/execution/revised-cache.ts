/**
 * What was made of runs, kept for as long as their revision stays, so that a page of runs that were shown before is put together of it.
 * The database counts a revision in the commit that changes what is shown; where it says that nothing was committed since a state that
 * was told before, what was seen to hold then holds.
 */
import { type RevisedRun, readRevisions } from '@microtome/store/run/run-revision';
import type { Store } from '@microtome/store/store';
import { LRUCache } from 'lru-cache';

type Kept<Value> = { revision: string; state: string; value: Value };
/** `missing` are to be made, and kept under the revisions that they have there. */
export type KeptOfRuns<Value> = { known: Map<string, Value>; missing: RevisedRun[] };

export class RevisedCache<Value> {
  readonly #kept: LRUCache<string, Kept<Value>>;

  /** `measure` counts the characters that a value takes. */
  constructor(maxCharacters: number, measure: (value: Value) => number) {
    this.#kept = new LRUCache({
      maxSize: maxCharacters,
      sizeCalculation: ({ value }) => Math.max(1, measure(value)),
    });
  }

  /** Runs that are gone by now may be in neither. */
  async find(
    store: Pick<Store, 'database'>,
    runs: readonly RevisedRun[],
    nameKey: (runId: string) => string,
  ): Promise<KeptOfRuns<Value>> {
    const found: KeptOfRuns<Value> = { known: new Map(), missing: [] };
    const uncounted: string[] = [];
    for (const run of runs) {
      if (this.#take(run, nameKey, found)) continue;
      if (run.revision === null) uncounted.push(run.id);
      else found.missing.push(run);
    }
    for (const run of await readRevisions(store, uncounted)) {
      if (!this.#take(run, nameKey, found)) found.missing.push(run);
    }
    return found;
  }

  /** What was made of the run after its revision was read. */
  keep(key: string, { revision, state }: RevisedRun, value: Value): void {
    if (revision !== null) this.#kept.set(key, { revision, state, value });
  }

  #take(run: RevisedRun, nameKey: (runId: string) => string, { known }: KeptOfRuns<Value>): boolean {
    const kept = this.#kept.get(nameKey(run.id));
    if (!kept) return false;
    if (run.revision === null ? kept.state !== run.state : kept.revision !== run.revision) return false;
    kept.state = run.state;
    known.set(run.id, kept.value);
    return true;
  }
}
