/**
 * A value that changes many times a second, such as the place under the cursor. Who shows it draws itself again at once, within
 * the event that changed it, and the page around it does not.
 */
import { useSyncExternalStore } from 'react';

export type LiveValue<Value> = {
  read(): Value;
  write(next: Value): void;
  /** Returns how to stop. */
  subscribe(hear: () => void): () => void;
};

export function createLiveValue<Value>(first: Value): LiveValue<Value> {
  const heard = new Set<() => void>();
  let value = first;
  return {
    read: () => value,
    write(next) {
      value = next;
      for (const hear of heard) hear();
    },
    subscribe(hear) {
      heard.add(hear);
      return () => void heard.delete(hear);
    },
  };
}

/** What `pick` gives of it; drawn again only where that is another one than before. */
export function useLiveValue<Value, Picked>(live: LiveValue<Value>, pick: (value: Value) => Picked): Picked {
  const read = () => pick(live.read());
  return useSyncExternalStore(live.subscribe, read, read);
}
