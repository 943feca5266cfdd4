'use client';
/**
 * Who is signed in, asked once a page. Where accounts are on and nobody is, the way to sign in stands in place of the page; where they
 * are off, nothing of it is seen.
 */
import { useQuery } from '@apollo/client/react';
import { usePathname } from 'next/navigation';
import { createContext, type ReactNode, use, useMemo } from 'react';
import { AccessDocument, type AccessQuery } from '../graphql/generated/graphql.ts';
import { loadLater } from '../ui/load-later.tsx';

const SignIn = loadLater(async () => (await import('./sign-in.tsx')).SignIn);

type Access = {
  settings: AccessQuery['accessSettings'] | null;
  me: NonNullable<AccessQuery['me']> | null;
  refetch: () => unknown;
};

const AccessContext = createContext<Access | null>(null);

const SIGN_IN_PATH = '/sign-in';

export function AccessProvider({ children }: { children: ReactNode }) {
  const { data, refetch } = useQuery(AccessDocument, { fetchPolicy: 'network-only' });
  const pathname = usePathname();
  const access = useMemo(
    () => ({ settings: data?.accessSettings ?? null, me: data?.me ?? null, refetch }),
    [data, refetch],
  );
  const { settings, me } = access;
  const isShutOut = settings?.hasAccounts === true && me === null && pathname !== SIGN_IN_PATH;
  return (
    <AccessContext value={access}>
      {isShutOut && settings ? (
        <main className="mx-auto max-w-sm px-4 py-16">
          <SignIn settings={settings} />
        </main>
      ) : (
        children
      )}
    </AccessContext>
  );
}

/** Only below AccessProvider. */
export function useAccess(): Access {
  const access = use(AccessContext);
  if (!access) throw new Error('useAccess is called outside AccessProvider.');
  return access;
}
