/** Accounts as owners of the server keep them: inviting people, and shutting them out. */
import { inviteAccount, renewInvitation, setAccountDisabled } from '@microtome/store/access/accounts';
import type { Account } from '@microtome/store/generated/prisma/client';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { findNewest, NAMED_NEWEST } from '../../graphql/find-named.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';

export const AccountRef = builder.prismaObject('Account', {
  description: 'A person who signs in. Never deleted: what they did stays on record.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'Opaque id.' }),
    name: t.exposeString('name', { description: 'What they are called; their acts carry it.' }),
    email: t.exposeString('email', { nullable: true, description: 'Their mail address.' }),
    isOwner: t.exposeBoolean('isOwner', {
      description:
        'Whether they own the server: OWNER in every project, and keeper of accounts and projects.',
    }),
    disabledAt: t.expose('disabledAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When they were shut out; null when they were not.',
    }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they were invited.' }),
  }),
});

const InvitationRef = builder.objectRef<{ account: Account; secret: string }>('Invitation').implement({
  description: 'An account and the link by which it signs in.',
  fields: (t) => ({
    account: t.field({ type: AccountRef, description: 'Who.', resolve: ({ account }) => account }),
    link: t.string({
      description: 'Works once, within three days. It is shown here alone: hand it on yourself.',
      resolve: ({ secret }, _args, context) => writeLink(context, secret),
    }),
  }),
});

function writeLink({ access }: ApiContext, secret: string): string {
  return `${access.settings?.webUrl ?? ''}/sign-in?link=${secret}`;
}

builder.queryFields((t) => ({
  accounts: t.prismaField({
    type: [AccountRef],
    description: 'All accounts, by name; for owners of the server.',
    resolve: (query, _root, _args, { store }) =>
      store.database.prisma.account.findMany({ ...query, orderBy: [{ name: 'asc' }, { id: 'asc' }] }),
  }),
  account: t.prismaField({
    type: AccountRef,
    nullable: true,
    description:
      'One account by id, by mail address, or the newest of a name; for owners of the server. Null when there is none.',
    args: {
      ...NAMED_NEWEST,
      email: t.arg.string({
        extensions: typed('search'),
        description: 'Its mail address; used when `id` is left out, before its name.',
      }),
    },
    resolve: (query, _root, { id, name, email }, { store }) =>
      findNewest(
        { id, name: email || name },
        {
          byId: (known) => store.database.prisma.account.findUnique({ ...query, where: { id: known } }),
          byName: (asked) =>
            store.database.prisma.account.findFirst({
              ...query,
              where: email ? { email: email.toLowerCase() } : { name: asked },
              orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
            }),
        },
      ),
  }),
}));

builder.mutationFields((t) => ({
  inviteAccount: t.field({
    type: InvitationRef,
    description:
      'Makes an account for a person, who signs in by the link, or by the provider as this address.',
    args: {
      name: t.arg.string({
        extensions: typed('accountName'),
        required: true,
        description: 'What they are called.',
      }),
      email: t.arg.string({ extensions: typed('email'), required: true, description: 'Their mail address.' }),
      isOwner: t.arg.boolean({
        defaultValue: false,
        required: true,
        description: 'Whether they own the server too.',
      }),
    },
    resolve: (_root, invitation, { store }) => inviteAccount(store, invitation),
  }),
  renewInvitation: t.field({
    type: InvitationRef,
    description:
      'Another link for a person who lost the first, or their password. The one before works no more.',
    args: { accountId: t.arg.id({ required: true, description: 'Who.' }) },
    resolve: async (_root, { accountId }, { store }) => {
      const id = parseRecordId(accountId, 'account');
      const secret = await renewInvitation(store, id);
      return { account: await store.database.prisma.account.findUniqueOrThrow({ where: { id } }), secret };
    },
  }),
  setAccountDisabled: t.field({
    type: AccountRef,
    description: 'Shuts an account out at once, with all its tokens, or lets it in again.',
    args: {
      accountId: t.arg.id({ required: true, description: 'Who.' }),
      disabled: t.arg.boolean({ required: true, description: 'True shuts them out.' }),
    },
    resolve: (_root, { accountId, disabled }, { store }) =>
      setAccountDisabled(store, { accountId: parseRecordId(accountId, 'account'), disabled }),
  }),
}));
