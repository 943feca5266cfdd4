'use client';
/** Signs in by the link in the address when it is told to: whatever only looks at the link does not use it up. */
import { parseAsString, useQueryStates } from 'nuqs';
import { useState } from 'react';
import { useAccess } from '../../access/access-provider.tsx';
import { sendSignIn } from '../../access/send-sign-in.ts';
import { SignIn } from '../../access/sign-in.tsx';
import { useApi } from '../../api/api-provider.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/card.tsx';
import { Notice } from '../../ui/notice.tsx';

export function SignInView() {
  const { settings, me } = useAccess();
  const [{ link, refused }] = useQueryStates({ link: parseAsString, refused: parseAsString });
  if (!settings) return <PageHeader title="Sign in" />;
  if (!settings.hasAccounts) {
    return (
      <>
        <PageHeader title="Sign in" />
        <EmptyState title="This platform has no accounts">
          It answers on its own machine alone. Accounts are turned on by AUTH=on.
        </EmptyState>
      </>
    );
  }
  if (me)
    return <EmptyState title={`You are signed in as ${me.account.name}.`}>Sign out in the menu.</EmptyState>;
  return (
    <div className="mx-auto max-w-sm py-10">
      {link ? <LinkCard link={link} /> : <SignIn settings={settings} refused={refused} />}
    </div>
  );
}

function LinkCard({ link }: { link: string }) {
  const { apiUrl } = useApi();
  const [error, setError] = useState<string | null>(null);
  const enter = async () => {
    const refusal = await sendSignIn(apiUrl, { link });
    setError(refusal);
    if (refusal === null) window.location.assign('/account');
  };
  return (
    <Card title="Welcome to Microtome" note="Your link signs you in once, in this browser.">
      <div className="flex flex-col gap-4">
        {error && <Notice tone="danger">{error}</Notice>}
        <Button look="primary" onClick={() => void enter()}>
          Sign in
        </Button>
      </div>
    </Card>
  );
}
