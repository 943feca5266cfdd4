'use client';
/** Your name, address and password, where you are a member, and your tokens. */
import { useMutation } from '@apollo/client/react';
import type { FormEvent } from 'react';
import { useAccess } from '../../access/access-provider.tsx';
import { FactList } from '../../components/fact-list.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { usePlainFormAction } from '../../form/use-plain-form-action.ts';
import { UpdateMeDocument } from '../../graphql/generated/graphql.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Field, Input } from '../../ui/field.tsx';
import { AccountFrame, type KnownAccess } from './account-frame.tsx';
import { TokensCard } from './tokens-card.tsx';

export function AccountView() {
  return <AccountFrame title="Account">{(known) => <Account {...known} />}</AccountFrame>;
}

function Account({ me, settings }: KnownAccess) {
  const roles = me.roles.map(({ role, project }) => ({ label: project?.name ?? '–', value: role }));
  return (
    <>
      <PageHeader title="Account" note="What you do here carries your name." />
      <div className="flex flex-col gap-5">
        <ProfileCard key={me.account.id} hasPasswords={settings.hasPasswords} />
        <Card
          title="Roles"
          note={me.account.isOwner ? 'You own this server: OWNER in every project.' : undefined}
        >
          {roles.length === 0 ? (
            <p className="text-sm text-muted-foreground">You are a member of no project.</p>
          ) : (
            <FactList facts={roles} />
          )}
        </Card>
        <TokensCard />
      </div>
    </>
  );
}

function ProfileCard({ hasPasswords }: { hasPasswords: boolean }) {
  const { me, refetch } = useAccess();
  const [update] = useMutation(UpdateMeDocument);
  const { run, busy, errors } = usePlainFormAction(['name', 'email', 'password']);
  if (!me) return null;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const text = (name: string) => String(form.get(name) ?? '').trim() || null;
    const variables = {
      name: text('name'),
      email: text('email'),
      password: String(form.get('password') ?? '') || null,
    };
    void run(async () => {
      await update({ variables });
      await refetch();
      for (const input of element.querySelectorAll('input[type=password]'))
        (input as HTMLInputElement).value = '';
    }, 'Saved.');
  };
  return (
    <Card title="You">
      <form onSubmit={submit} className="grid max-w-3xl gap-3 sm:grid-cols-3">
        <Field label="Name" error={errors.name}>
          <Input name="name" defaultValue={me.account.name} required />
        </Field>
        <Field label="Mail address" error={errors.email}>
          <Input name="email" type="email" defaultValue={me.account.email ?? ''} />
        </Field>
        {hasPasswords && (
          <Field
            label={me.hasPassword ? 'Another password' : 'A password'}
            error={errors.password}
            hint="12 characters or more. Your other browsers are signed out."
          >
            <Input name="password" type="password" autoComplete="new-password" minLength={12} />
          </Field>
        )}
        <div className="sm:col-span-3">
          <Button type="submit" look="primary" disabled={busy}>
            Save
          </Button>
        </div>
      </form>
    </Card>
  );
}
