'use client';
/** The ways to sign in that this server has: its provider, a password, and where to get a link. */
import { LogIn } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useApi } from '../api/api-provider.tsx';
import type { AccessQuery } from '../graphql/generated/graphql.ts';
import { Button } from '../ui/button.tsx';
import { Card } from '../ui/card.tsx';
import { Field, Input } from '../ui/field.tsx';
import { Notice } from '../ui/notice.tsx';
import { sendSignIn } from './send-sign-in.ts';

type SignInProps = { settings: AccessQuery['accessSettings']; refused?: string | null };

export function SignIn({ settings, refused = null }: SignInProps) {
  const { apiUrl } = useApi();
  return (
    <Card title="Sign in to Microtome">
      <div className="flex flex-col gap-4">
        {refused && <Notice tone="danger">{refused}</Notice>}
        {settings.providerName && (
          <Button asChild look="primary">
            <a href={`${apiUrl}/auth/oidc`}>
              <LogIn />
              Sign in with {settings.providerName}
            </a>
          </Button>
        )}
        {settings.hasPasswords && <PasswordForm />}
        <p className="text-xs text-muted-foreground">
          No account yet? An owner of this server invites you by a link.
        </p>
      </div>
    </Card>
  );
}

function PasswordForm() {
  const { apiUrl } = useApi();
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    const refusal = await sendSignIn(apiUrl, {
      email: String(form.get('email')),
      password: String(form.get('password')),
    });
    setBusy(false);
    setError(refusal);
    // A page of its own: the socket takes the cookie when it connects.
    if (refusal === null) window.location.assign('/');
  }

  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
      <Field label="Mail address">
        <Input name="email" type="email" autoComplete="username" required />
      </Field>
      <Field label="Password" error={error ?? undefined}>
        <Input name="password" type="password" autoComplete="current-password" required />
      </Field>
      <Button type="submit" look="primary" disabled={busy}>
        Sign in
      </Button>
    </form>
  );
}
