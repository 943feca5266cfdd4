/** Who is signed in, what they may do and where, and what they change about their own account; how people sign in here. */
import type { SignedIn } from '@microtome/domain/access/principal';
import { isSignedIn } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import { updateAccount } from '@microtome/store/access/accounts';
import type { AuthSettings } from '../../access/auth-settings.ts';
import { builder } from '../../graphql/builder.ts';
import type { ApiContext } from '../../graphql/context.ts';
import { typed } from '../../graphql/typed-text.ts';
import { AccountRef } from './account.ts';
import { ProjectRef, RoleEnum } from './project.ts';

const AccessSettingsRef = builder.objectRef<{ settings: AuthSettings | null }>('AccessSettings').implement({
  description: 'How people sign in at this server.',
  fields: (t) => ({
    hasAccounts: t.boolean({
      description: 'Whether anybody has to sign in.',
      resolve: ({ settings }) => settings !== null,
    }),
    hasPasswords: t.boolean({
      description: 'Whether a password is taken.',
      resolve: ({ settings }) => settings?.hasPasswords ?? false,
    }),
    providerName: t.string({
      nullable: true,
      description: 'The OpenID provider that people sign in with at `/auth/oidc`; null when there is none.',
      resolve: ({ settings }) => settings?.oidc?.name ?? null,
    }),
  }),
});

const MeRef = builder.objectRef<SignedIn>('Me').implement({
  description: 'Who is signed in.',
  fields: (t) => ({
    account: t.prismaField({
      type: AccountRef,
      description: 'The account.',
      resolve: (query, { accountId }, _args, { store }) =>
        store.database.prisma.account.findUniqueOrThrow({ ...query, where: { id: accountId } }),
    }),
    isPerson: t.boolean({
      description: 'True of a session, false of a token.',
      resolve: ({ kind }) => kind === 'SESSION',
    }),
    hasPassword: t.boolean({
      description: 'Whether a password was set.',
      resolve: async ({ accountId }, _args, { store }) =>
        (await store.database.prisma.account.findUniqueOrThrow({ where: { id: accountId } })).passwordHash !==
        null,
    }),
    roles: t.field({
      type: [MyRoleRef],
      description:
        'The projects that you are in; an owner of the server is OWNER in all, also those not listed.',
      resolve: ({ grants }) => [...grants],
    }),
  }),
});

const MyRoleRef = builder.objectRef<SignedIn['grants'][number]>('MyRole').implement({
  description: 'Your role in a project.',
  fields: (t) => ({
    project: t.prismaField({
      type: ProjectRef,
      nullable: true,
      description: 'The project.',
      resolve: (query, { projectId }, _args, { store }) =>
        store.database.prisma.project.findUnique({ ...query, where: { id: projectId } }),
    }),
    role: t.field({ type: RoleEnum, description: 'What you may do.', resolve: ({ role }) => role }),
  }),
});

builder.queryFields((t) => ({
  accessSettings: t.field({
    type: AccessSettingsRef,
    description: 'How people sign in; for everybody.',
    resolve: (_root, _args, { access }) => ({ settings: access.settings }),
  }),
  me: t.field({
    type: MeRef,
    nullable: true,
    description: 'Who is signed in; null for a stranger, and at a server without accounts.',
    resolve: (_root, _args, { access: { principal } }) => (isSignedIn(principal) ? principal : null),
  }),
}));

builder.mutationField('updateMe', (t) =>
  t.field({
    type: AccountRef,
    description:
      'Changes your own account; what is left out stays. Another password ends your other sessions.',
    args: {
      name: t.arg.string({ extensions: typed('accountName'), description: 'What you are called.' }),
      email: t.arg.string({ extensions: typed('email'), description: 'Your mail address.' }),
      password: t.arg.string({ extensions: typed('password'), description: 'A new password.' }),
    },
    resolve: (_root, { name, email, password }, context) => {
      const { accountId, credentialId } = requirePerson(context);
      return updateAccount(context.store, {
        accountId,
        name: name ?? undefined,
        email: email ?? undefined,
        password: password ?? undefined,
        keptSession: credentialId,
      });
    },
  }),
);

/** FORBIDDEN where there are no accounts. */
export function requirePerson({ access: { principal } }: ApiContext): SignedIn {
  if (isSignedIn(principal)) return principal;
  throw new AppError('FORBIDDEN', 'This server has no accounts: it was started without AUTH=on.');
}
