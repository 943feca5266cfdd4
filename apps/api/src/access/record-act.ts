/**
 * Puts acts outside GraphQL on record: who, what, before, after, from where, also when they were refused. A stranger, who can do
 * nothing, is not: anyone could fill the log. What is left out on purpose stands in unrecorded.ts.
 */
import { isSignedIn } from '@microtome/domain/access/principal';
import { type AuditSubject, recordAudit, snapshotSubject } from '@microtome/store/access/audit-log';
import type { Store } from '@microtome/store/store';
import type { Request, Response } from 'express';
import type { Logger } from 'pino';
import type { Access } from './access.ts';
import { listTouched } from './judge-need.ts';
import { type Need, readPath } from './need.ts';
import type { ProjectIndex } from './project-index.ts';
import { shortenValues } from './shorten-values.ts';
import { isRecorded } from './unrecorded.ts';

type Means = { store: Store; log: Logger };

/** An act as far as it is known when it begins. */
type Act = {
  name: string;
  subject: AuditSubject | null;
  projectIds: readonly string[];
  asked: Record<string, unknown>;
  access: Access;
  requestId: string;
};

type Recording = {
  /** `made`: what the act made, where that is another record than it named. Never rejects: the log of the process says what is missing. */
  end(outcome: { error: string | null; made?: AuditSubject | null }): Promise<void>;
};

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);
/** A path that is no route may be as long as a request lets it. */
const LONGEST_NAME = 200;
const SILENT: Recording = { end: async () => {} };

/** Looks at the subject before the act. Silent where nothing is to be recorded. */
export async function beginRecord({ store, log }: Means, act: Act): Promise<Recording> {
  const { principal, address } = act.access;
  if (!isSignedIn(principal) || !isRecorded(act.name)) return SILENT;
  const before = await snapshotSubject(store, act.subject);
  return {
    async end({ error, made = null }) {
      const subject = made ?? act.subject;
      try {
        await recordAudit(store, {
          accountId: principal.accountId,
          accountName: principal.name,
          credential: principal.kind === 'TOKEN' ? `token ${principal.credentialId}` : 'session',
          act: act.name.slice(0, LONGEST_NAME),
          projectIds: act.projectIds,
          subject,
          asked: shortenValues(act.asked),
          before: made ? null : before,
          after: error === null ? await snapshotSubject(store, subject) : null,
          error,
          address,
          requestId: act.requestId,
        });
      } catch (fault) {
        log.error({ err: fault, act: act.name }, 'change not recorded');
      }
    },
  };
}

type RouteAct = {
  request: Request;
  response: Response;
  access: Access;
  /** As the table of routes has it. */
  path: string;
  need: Need | undefined;
  /** The parameters of path and query. */
  named: Record<string, unknown>;
};

/** Of a route: the entry is written when its answer is over. */
export async function recordRoute(
  means: Means & { projects: ProjectIndex },
  { request, response, access, path, need, named }: RouteAct,
): Promise<void> {
  const name = `${request.method} ${path}`;
  if (SAFE_METHODS.has(request.method) || !isRecorded(name)) return;
  const recording = await beginRecord(means, {
    name,
    subject: findSubject(need, named),
    // Also of what is refused, so that those who manage a project see who tried.
    projectIds: await listTouched(means.projects, need, named),
    asked: named,
    access,
    requestId: String(response.locals.requestId),
  });
  response.once('close', () => {
    const { refusal } = response.locals;
    const broken = response.writableFinished ? null : 'The request was broken off.';
    void recording.end({ error: typeof refusal === 'string' ? refusal : broken });
  });
}

/** The first record that the route names. */
function findSubject(need: Need | undefined, named: Record<string, unknown>): AuditSubject | null {
  const subjects = need?.kind === 'ACT' ? need.subjects : [];
  for (const { noun, at } of subjects) {
    const id = readPath(named, at);
    if (typeof id === 'string') return { noun, id };
  }
  return null;
}
