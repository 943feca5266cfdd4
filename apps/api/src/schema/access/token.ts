/** The tokens of who is signed in: what programs send as `Authorization: Bearer …`. */

import { mayIn } from '@microtome/domain/access/principal';
import type { ACTS } from '@microtome/domain/access/role';
import { AppError } from '@microtome/domain/app-error';
import { createToken, listTokens, revokeToken } from '@microtome/store/access/tokens';
import type { AccessToken } from '@microtome/store/generated/prisma/client';
import { builder } from '../../graphql/builder.ts';
import { findNewest, NAMED_NEWEST } from '../../graphql/find-named.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { requirePerson } from './me.ts';
import { ProjectRef } from './project.ts';

const USUAL_DAYS = 90;

const TokenScopeEnum = builder.enumType('TokenScope', {
  description: 'What a token may do at most, wherever its account may.',
  values: {
    READ: { description: 'See.' },
    RECORD: { description: 'Import, split, launch, log, note.' },
    JUDGE: { description: 'Open TEST, promote, override, set a policy.' },
    MANAGE: { description: 'Keep members, delete data, read the audit log.' },
  } satisfies Record<(typeof ACTS)[number], { description: string }>,
});

const AccessTokenRef = builder.prismaObject('AccessToken', {
  description: 'What a program signs in by. The token itself is kept nowhere.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'What it is for.' }),
    hint: t.exposeString('hint', { description: 'How it begins.' }),
    scopes: t.exposeStringList('scopes', { description: 'What it may do at most.' }),
    project: t.relation('project', {
      type: ProjectRef,
      nullable: true,
      description: 'The only project that it is for; null for all of yours.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When it was made.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'When it stops working.' }),
    usedAt: t.expose('usedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute; null when never.',
    }),
    revokedAt: t.expose('revokedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was revoked; null when it was not.',
    }),
  }),
});

const CreatedTokenRef = builder.objectRef<{ token: AccessToken; secret: string }>('CreatedToken').implement({
  description: 'A new token.',
  fields: (t) => ({
    token: t.field({ type: AccessTokenRef, description: 'Its record.', resolve: ({ token }) => token }),
    secret: t.exposeString('secret', { description: 'The token itself. It is shown here and never again.' }),
  }),
});

builder.queryFields((t) => ({
  tokens: t.field({
    type: [AccessTokenRef],
    description: 'Your tokens, newest first.',
    resolve: (_root, _args, context) => listTokens(context.store, requirePerson(context).accountId),
  }),
  token: t.field({
    type: AccessTokenRef,
    nullable: true,
    description: 'One of your tokens by id, or the newest of a name; null when there is none.',
    args: NAMED_NEWEST,
    resolve: async (_root, args, context) => {
      const own = await listTokens(context.store, requirePerson(context).accountId);
      const find = async (is: (token: AccessToken) => boolean) => own.find(is) ?? null;
      return findNewest(args, {
        byId: (id) => find((token) => token.id === id),
        byName: (name) => find((token) => token.name === name),
      });
    },
  }),
}));

builder.mutationFields((t) => ({
  createToken: t.field({
    type: CreatedTokenRef,
    description: 'Makes a token.',
    args: {
      name: t.arg.string({ extensions: typed('tokenName'), required: true, description: 'What it is for.' }),
      scopes: t.arg({ type: [TokenScopeEnum], required: true, description: 'What it may do at most.' }),
      projectId: t.arg.id({ description: 'The only project that it is for; all of yours when left out.' }),
      days: t.arg.int({
        defaultValue: USUAL_DAYS,
        required: true,
        description: 'How long it works, at most 366 days.',
      }),
    },
    resolve: (_root, { name, scopes, projectId, days }, context) => {
      const person = requirePerson(context);
      const onlyProjectId = projectId ? parseRecordId(projectId, 'project') : null;
      if (onlyProjectId !== null && !mayIn(person, 'READ', onlyProjectId)) {
        throw new AppError('NOT_FOUND', `There is no project '${onlyProjectId}'.`);
      }
      const { accountId } = person;
      return createToken(context.store, { accountId, name, scopes, projectId: onlyProjectId, days });
    },
  }),
  revokeToken: t.field({
    type: AccessTokenRef,
    description: 'Makes a token of yours worthless at once.',
    args: { id: t.arg.id({ required: true, description: 'The token.' }) },
    resolve: (_root, { id }, context) =>
      revokeToken(context.store, {
        accountId: requirePerson(context).accountId,
        tokenId: parseRecordId(id, 'token'),
      }),
  }),
}));
