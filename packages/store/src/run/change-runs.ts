/** One act on many runs: each run for itself, so that those which cannot be changed say why and the others are. */
import { AppError } from '@microtome/domain/app-error';
import { checkTags, TAGS_MAX } from '@microtome/domain/text-rules';
import type { Store } from '../store.ts';
import { requestCancel } from './run-lifecycle.ts';
import { deleteRun, listRuns } from './runs.ts';

export type RunsAct =
  | { kind: 'ARCHIVE' | 'RESTORE' | 'CANCEL' }
  | { kind: 'DELETE'; requestedBy?: string }
  | { kind: 'TAG' | 'UNTAG'; tags: readonly string[] };

export type RefusedRun = { runId: string; name: string; reason: string };
export type ChangedRuns = { runIds: string[]; refused: RefusedRun[] };

/** Each takes a few statements, and a request has to end. */
const RUNS_MAX = 500;

/** Those that are not there are among the refused. BAD_INPUT for too many runs, and for tags that are none. */
export async function changeRuns(
  store: Store,
  { runIds, act }: { runIds: readonly string[]; act: RunsAct },
): Promise<ChangedRuns> {
  const wanted = [...new Set(runIds)];
  if (wanted.length > RUNS_MAX) {
    throw new AppError('BAD_INPUT', `There are ${wanted.length} runs at once: at most ${RUNS_MAX} fit.`);
  }
  switch (act.kind) {
    case 'ARCHIVE':
    case 'RESTORE':
      return archive(store, wanted, act.kind === 'ARCHIVE');
    case 'TAG':
    case 'UNTAG':
      return tag(store, wanted, { isAdded: act.kind === 'TAG', tags: checkTags(act.tags) });
    case 'CANCEL':
      return changeEach(store, wanted, (runId) => requestCancel(store, runId));
    case 'DELETE':
      return changeEach(store, wanted, (runId) => deleteRun(store, runId, act));
  }
}

async function archive(store: Store, runIds: string[], isArchived: boolean): Promise<ChangedRuns> {
  const changed = await store.database.prisma.run.updateManyAndReturn({
    where: { id: { in: runIds } },
    data: { archivedAt: isArchived ? new Date() : null },
    select: { id: true },
  });
  return tellApart(store, runIds, {
    runIds: changed.map(({ id }) => id),
    reason: 'There is no such run.',
  });
}

/** A run that would have too many keeps those that it has. */
async function tag(
  store: Store,
  runIds: string[],
  { isAdded, tags }: { isAdded: boolean; tags: string[] },
): Promise<ChangedRuns> {
  const { prisma } = store.database;
  const changed = isAdded
    ? await prisma.$queryRaw<{ id: string }[]>`
        update run set tags = tags || array(select tag from unnest(${tags}::text[]) with ordinality as given (tag, place)
            where tag <> all (tags) order by place)
          where id = any (${runIds}::uuid[]) and cardinality(tags) + (select count(*)
            from unnest(${tags}::text[]) as given (tag) where tag <> all (tags)) <= ${TAGS_MAX}::int
          returning id::text`
    : await prisma.$queryRaw<{ id: string }[]>`
        update run set tags = array(select tag from unnest(tags) with ordinality as own (tag, place)
            where tag <> all (${tags}::text[]) order by place)
          where id = any (${runIds}::uuid[]) returning id::text`;
  return tellApart(store, runIds, {
    runIds: changed.map(({ id }) => id),
    reason: `It would have more than ${TAGS_MAX} tags.`,
  });
}

/** One after the other: each is a transaction of its own. */
async function changeEach(
  store: Store,
  runIds: string[],
  change: (runId: string) => Promise<unknown>,
): Promise<ChangedRuns> {
  const names = await nameRuns(store, runIds);
  const changed: ChangedRuns = { runIds: [], refused: [] };
  for (const runId of runIds) {
    try {
      await change(runId);
      changed.runIds.push(runId);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      changed.refused.push({ runId, name: names.get(runId) ?? '', reason: error.message });
    }
  }
  return changed;
}

async function tellApart(
  store: Store,
  wanted: readonly string[],
  { runIds, reason }: { runIds: string[]; reason: string },
): Promise<ChangedRuns> {
  const changed = new Set(runIds);
  const others = wanted.filter((runId) => !changed.has(runId));
  if (others.length === 0) return { runIds, refused: [] };
  const names = await nameRuns(store, others);
  const refused = others.map((runId) => {
    const name = names.get(runId);
    return { runId, name: name ?? '', reason: name === undefined ? `There is no run ${runId}.` : reason };
  });
  return { runIds, refused };
}

async function nameRuns(store: Store, runIds: readonly string[]): Promise<Map<string, string>> {
  return new Map((await listRuns(store, runIds)).map(({ id, name }) => [id, name]));
}
