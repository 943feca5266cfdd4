/** The audit log: every change, newest first, of the projects whose members one keeps. */
import { listProjectsFor } from '@microtome/domain/access/principal';
import { type AuditFilter, hideFromPart, matchAudit } from '@microtome/store/access/audit-log';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';

const AuditEntryRef = builder.prismaObject('AuditEntry', {
  description: 'One change, or a try at one. It never changes.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    accountId: t.exposeID('accountId', { nullable: true, description: 'Who; null for a stranger.' }),
    accountName: t.exposeString('accountName', { description: 'What they were called then.' }),
    credential: t.exposeString('credential', { description: 'By session or by which token.' }),
    act: t.exposeString('act', { description: 'The mutation, or the way of signing in.' }),
    subjectNoun: t.exposeString('subjectNoun', {
      nullable: true,
      description: 'What kind of record it was done to.',
    }),
    subjectId: t.exposeID('subjectId', { nullable: true, description: 'Its id.' }),
    request: t.expose('asked', { type: 'JSON', description: 'The arguments, without secrets.' }),
    before: t.expose('before', {
      type: 'JSON',
      nullable: true,
      description: 'The row before; null where there was none.',
    }),
    after: t.expose('after', {
      type: 'JSON',
      nullable: true,
      description: 'The row after; null where there is none.',
    }),
    error: t.exposeString('error', {
      nullable: true,
      description: 'Why it was refused; null when it was done.',
    }),
    address: t.exposeString('address', { description: 'Where it came from.' }),
    requestId: t.exposeString('requestId', { description: 'By which the log of the API finds it.' }),
  }),
});

const AuditEntryConnection = builder.connectionObject(
  { type: AuditEntryRef, name: 'AuditEntryConnection', description: 'A page of the audit log.' },
  { description: 'An entry and its place in the log.' },
);

const AuditFilterInput = builder.inputType('AuditFilter', {
  description: 'Which entries; every given condition must hold.',
  fields: (t) => ({
    accountId: t.id({ description: 'Of this account.' }),
    act: t.string({ extensions: typed('word'), description: 'Of this act.' }),
    subjectId: t.id({ description: 'Done to the record of this id.' }),
    since: t.field({ type: 'DateTime', description: 'At this time or later.' }),
    until: t.field({ type: 'DateTime', description: 'Before this time.' }),
  }),
});

builder.queryField('auditLog', (t) =>
  t.prismaConnection(
    {
      type: 'AuditEntry',
      cursor: 'id',
      description: 'Changes, newest first, of the projects that you manage.',
      args: { filter: t.arg({ type: AuditFilterInput, description: 'Which.' }) },
      totalCount: (_root, { filter }, context) =>
        context.store.database.prisma.auditEntry.count({
          where: matchAudit(readFilter(context, filter ?? {})),
        }),
      resolve: async (query, _root, { filter }, context) => {
        const asked = readFilter(context, filter ?? {});
        // Ids rise with time.
        const page = { ...query, where: matchAudit(asked), orderBy: { id: 'desc' as const } };
        const entries = await context.store.database.prisma.auditEntry.findMany(page);
        return entries.map((entry) => hideFromPart(entry, asked.projectIds));
      },
    },
    AuditEntryConnection,
  ),
);

function readFilter({ access }: ApiContext, given: typeof AuditFilterInput.$inferInput): AuditFilter {
  return {
    ...given,
    projectIds: listProjectsFor(access.principal, 'MANAGE'),
    accountId: given.accountId ? parseRecordId(given.accountId, 'account') : null,
  };
}
