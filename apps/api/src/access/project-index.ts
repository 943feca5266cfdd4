/** To which projects records belong, remembered: a record never moves. A file does gain projects, and is asked for each time. */
import { findProjects, listProjectIds, type SubjectNoun } from '@microtome/store/access/subject-projects';
import type { Store } from '@microtome/store/store';
import { LRUCache } from 'lru-cache';

const REMEMBERED = 20_000;

export type ProjectIndex = {
  listAll(): Promise<string[]>;
  /** Id → its projects; what is not there has none. */
  find(noun: SubjectNoun, ids: readonly string[]): Promise<Map<string, readonly string[]>>;
};

export function createProjectIndex(store: Store): ProjectIndex {
  const known = new LRUCache<string, readonly string[]>({ max: REMEMBERED });
  return {
    listAll: () => listProjectIds(store),
    async find(noun, ids) {
      const wanted = ids.map((id) => id.toLowerCase());
      const unknown = wanted.filter((id) => noun === 'artifact' || !known.has(`${noun} ${id}`));
      const found = unknown.length > 0 ? await findProjects(store, noun, unknown) : new Map();
      if (noun !== 'artifact') for (const [id, projects] of found) known.set(`${noun} ${id}`, projects);
      return new Map(wanted.map((id) => [id, found.get(id) ?? known.get(`${noun} ${id}`) ?? []] as const));
    },
  };
}
