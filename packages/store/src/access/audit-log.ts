/**
 * The log of every change: added to, read in pages and as a whole, never changed (trigger). An entry holds the row as it was before
 * and as it was after, without what opens anything.
 */

import type { AuditEntry } from '../../generated/prisma/client.ts';
import { Prisma } from '../../generated/prisma/client.ts';
import { isStorable, writeStorable } from '../database/storable-text.ts';
import type { Store } from '../store.ts';
import type { SubjectNoun } from './subject-projects.ts';

/** Nouns whose rows are kept before and after; those of a file or slide never change. */
const TABLES: Partial<Record<string, string>> = {
  project: 'project',
  dataset: 'dataset',
  import: 'dataset_import',
  deletion: 'deletion',
  experiment: 'experiment',
  model: 'model',
  modelVersion: 'model_version',
  split: 'split',
  task: 'task',
  sweep: 'sweep',
  run: 'run',
  comment: 'comment',
  report: 'report',
  loggedModel: 'logged_model',
  externalEvaluation: 'external_evaluation',
  slideAnalysis: 'slide_analysis',
  account: 'account',
  token: 'access_token',
};
const SECRET_COLUMNS = ['hash', 'password_hash'];
const EXPORTED_AT_ONCE = 1_000;

type AuditedNoun = SubjectNoun | 'account' | 'token';
export type AuditSubject = { noun: AuditedNoun; id: string };

type NewEntry = {
  accountId: string | null;
  accountName: string;
  credential: string;
  act: string;
  projectIds: readonly string[];
  subject: AuditSubject | null;
  asked: Record<string, unknown>;
  before: Record<string, unknown> | null;
  after: Record<string, unknown> | null;
  error: string | null;
  address: string;
  requestId: string;
};

/** Whatever was asked: nothing that a request holds keeps its entry from being written. */
export async function recordAudit({ database: { prisma } }: Store, entry: NewEntry): Promise<void> {
  const { subject, before, after, projectIds, ...rest } = writeStorable(entry);
  await prisma.auditEntry.create({
    data: {
      ...rest,
      projectIds: [...projectIds],
      subjectNoun: subject?.noun ?? null,
      subjectId: subject?.id ?? null,
      before: before ?? Prisma.DbNull,
      after: after ?? Prisma.DbNull,
    },
  });
}

/** The row as JSON; null where there is none, or where rows of this noun are not kept. */
export async function snapshotSubject(
  { database: { pool } }: Store,
  subject: AuditSubject | null,
): Promise<Record<string, unknown> | null> {
  const table = subject && TABLES[subject.noun];
  if (!table || !isStorable(subject.id)) return null;
  const { rows } = await pool.query<{ row: Record<string, unknown> }>(
    `select to_jsonb(t) - $2::text[] as row from "${table}" t where id::text = $1`,
    [subject.id.toLowerCase(), SECRET_COLUMNS],
  );
  return rows[0]?.row ?? null;
}

export type AuditFilter = {
  /** Entries of these projects alone; null: all, also those of none. */
  projectIds: readonly string[] | null;
  accountId?: string | null;
  act?: string | null;
  subjectId?: string | null;
  since?: Date | null;
  until?: Date | null;
};

/** All that match, newest first, read in pieces. */
export async function* readAudit(
  { database: { prisma } }: Store,
  filter: AuditFilter,
): AsyncGenerator<AuditEntry, void> {
  for (let afterId: string | null = null; ; ) {
    const entries: AuditEntry[] = await prisma.auditEntry.findMany({
      where: { ...matchAudit(filter), ...(afterId === null ? {} : { id: { lt: afterId } }) },
      orderBy: { id: 'desc' },
      take: EXPORTED_AT_ONCE,
    });
    yield* entries.map((entry) => hideFromPart(entry, filter.projectIds));
    afterId = entries.at(-1)?.id ?? null;
    if (entries.length < EXPORTED_AT_ONCE) return;
  }
}

/**
 * As who manages these projects may read it. Of an act on several projects, who manages some of them alone reads that it was, by
 * whom and when, and nothing of what the others hold.
 */
export function hideFromPart(entry: AuditEntry, projectIds: readonly string[] | null): AuditEntry {
  if (projectIds === null || entry.projectIds.every((id) => projectIds.includes(id))) return entry;
  const error = entry.error === null ? null : 'It was refused. What was asked is of other projects too.';
  return { ...entry, subjectNoun: null, subjectId: null, asked: {}, before: null, after: null, error };
}

/** The condition of Prisma on entries. */
export function matchAudit({ projectIds, accountId, act, subjectId, since, until }: AuditFilter) {
  return {
    ...(projectIds === null ? {} : { projectIds: { hasSome: [...projectIds] } }),
    ...(accountId ? { accountId } : {}),
    ...(act ? { act } : {}),
    ...(subjectId ? { subjectId: subjectId.toLowerCase() } : {}),
    ...(since || until ? { at: { ...(since ? { gte: since } : {}), ...(until ? { lt: until } : {}) } } : {}),
  };
}
