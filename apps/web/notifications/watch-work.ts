/**
 * Which work has come to its end since it is watched, told once each. What had ended before is no news, nor is what was
 * canceled, which somebody did. Pure but for what it remembers.
 */

export type WatchedWork = {
  /** Of what noun and record. */
  key: string;
  name: string;
  /** In the words of its noun; the same three ends for all. */
  status: string;
  error: string | null;
  /** Null while it goes on. */
  finishedAt: string | null;
  /** Null where nobody signs in. */
  creatorId: string | null;
  href: string;
};

export type Notice = { key: string; title: string; body: string; href: string };

type WorkWatch = {
  /** What is to be told of it now; all of it is remembered. */
  look(works: readonly WatchedWork[]): Notice[];
};

/** `accountId`: whose work is meant; null: everybody's, where nobody signs in. */
export function createWorkWatch({
  sinceMs,
  accountId,
}: {
  sinceMs: number;
  accountId: string | null;
}): WorkWatch {
  const going = new Set<string>();
  const told = new Set<string>();
  function isNews({ key, finishedAt, status }: WatchedWork): boolean {
    if (finishedAt === null) {
      going.add(key);
      return false;
    }
    const end = `${key} ${finishedAt}`;
    const isNew = going.has(key) || Date.parse(finishedAt) >= sinceMs;
    going.delete(key);
    if (!isNew || told.has(end)) return false;
    told.add(end);
    return status !== 'CANCELED';
  }
  return {
    look: (works) =>
      works
        .filter(({ creatorId }) => accountId === null || creatorId === accountId)
        .filter(isNews)
        .map(describeEnd),
  };
}

function describeEnd({ key, name, status, error, href }: WatchedWork): Notice {
  const failed = status === 'FAILED';
  return { key, title: `${name} ${failed ? 'failed' : 'is done'}`, body: failed ? (error ?? '') : '', href };
}
