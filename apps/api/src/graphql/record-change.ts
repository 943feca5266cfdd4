/**
 * Puts mutations on record where there are accounts: who, what, before, after, from where, also when they were refused. What is
 * typed to stay secret, and texts of megabytes, are left out of the request.
 */
import { isSignedIn } from '@microtome/domain/access/principal';
import type { TextKind } from '@microtome/domain/text-rules';
import { type AuditSubject, recordAudit, snapshotSubject } from '@microtome/store/access/audit-log';
import {
  type GraphQLField,
  type GraphQLInputType,
  getNamedType,
  getNullableType,
  isInputObjectType,
} from 'graphql';
import { type Need, readPath } from '../access/need.ts';
import { shortenValue } from '../access/shorten-values.ts';
import { KEPT } from '../access/type-access.ts';
import { isRecorded } from '../access/unrecorded.ts';
import type { ApiContext } from './context.ts';
import { readTextKind } from './typed-text.ts';

const SECRET_TEXTS: readonly string[] = ['password'] satisfies TextKind[];

type Change = {
  field: GraphQLField<unknown, ApiContext>;
  need: Need | undefined;
  args: Record<string, unknown>;
  context: ApiContext;
  /** Checks that it may be done, and gives the projects that it touches. */
  permit(): Promise<string[]>;
  perform(): unknown;
};

/** What `perform` gives. A change whose record cannot be written has been made: the log of the process says so. */
export async function recordChange({
  field,
  need,
  args,
  context,
  permit,
  perform,
}: Change): Promise<unknown> {
  if (!isRecorded(`Mutation.${field.name}`)) {
    await permit();
    return perform();
  }
  const named = findSubject(need, args);
  const found = { projectIds: [] as string[], before: null as Record<string, unknown> | null };
  const write = (outcome: { value?: unknown; error?: string }) =>
    writeEntry({ field, args, context, named, ...found, ...outcome }).catch((error: unknown) =>
      context.log.error({ err: error, act: field.name }, 'change not recorded'),
    );
  try {
    found.projectIds = await findProjects(context, named);
    const touched = await permit();
    found.projectIds = [...new Set([...found.projectIds, ...touched])];
    found.before = await snapshotSubject(context.store, named);
    const value = await perform();
    await write({ value });
    return value;
  } catch (error) {
    await write({ error: error instanceof Error ? error.message : String(error) });
    throw error;
  }
}

type Outcome = Pick<Change, 'field' | 'args' | 'context'> & {
  named: AuditSubject | null;
  projectIds: string[];
  before: Record<string, unknown> | null;
  value?: unknown;
  error?: string;
};

async function writeEntry(outcome: Outcome): Promise<void> {
  const { field, args, context, named, before, value, error } = outcome;
  const { principal, address } = context.access;
  const subject = named ?? findMade(field, value);
  const after = error === undefined ? await snapshotSubject(context.store, subject) : null;
  const signedIn = isSignedIn(principal) ? principal : null;
  await recordAudit(context.store, {
    accountId: signedIn?.accountId ?? null,
    accountName: signedIn?.name ?? 'a stranger',
    credential: signedIn?.kind === 'TOKEN' ? `token ${signedIn.credentialId}` : 'session',
    act: field.name,
    projectIds: outcome.projectIds,
    subject,
    asked: redact(field.args, args),
    before,
    after,
    error: error ?? null,
    address,
    requestId: context.requestId,
  });
}

/** Also of what was refused, so that those who manage a project see who tried. */
async function findProjects({ projects }: ApiContext, named: AuditSubject | null): Promise<string[]> {
  if (!named || named.noun === 'account' || named.noun === 'token') return [];
  return [...(await projects.find(named.noun, [named.id])).values()].flat();
}

/** The first record that the request names, but the project that something is made in. */
function findSubject(need: Need | undefined, args: Record<string, unknown>): AuditSubject | null {
  const subjects = need?.kind === 'ACT' ? need.subjects : [];
  for (const { noun, at } of subjects) {
    const id = readPath(args, at);
    if (typeof id === 'string' && at.split('.').length === 1) return { noun, id };
  }
  return typeof args.accountId === 'string' ? { noun: 'account', id: args.accountId } : null;
}

/** What a mutation made, where it gives one record. */
function findMade(field: GraphQLField<unknown, ApiContext>, value: unknown): AuditSubject | null {
  const kept = KEPT[getNamedType(field.type).name];
  const id = kept && readPath(value, kept.id);
  if (kept && typeof id === 'string') return { noun: kept.noun, id };
  for (const noun of ['account', 'token'] as const) {
    const own = readPath(value, `${noun}.id`);
    if (typeof own === 'string') return { noun, id: own };
  }
  return null;
}

type Named = { name: string; type: GraphQLInputType; extensions: Readonly<Record<string, unknown>> };

function redact(known: readonly Named[], values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    known.flatMap(({ name, type, extensions }) => {
      if (!(name in values)) return [];
      const nullable = getNullableType(type);
      const value = values[name];
      if (SECRET_TEXTS.includes(readTextKind(extensions) ?? ''))
        return [[name, value == null ? value : '(secret)']];
      if (isInputObjectType(nullable) && value) {
        return [[name, redact(Object.values(nullable.getFields()), value as Record<string, unknown>)]];
      }
      return [[name, shortenValue(value)]];
    }),
  );
}
