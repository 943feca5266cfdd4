'use client';
/** A page of accounts: its title at once, and its content once it is known who is signed in. */
import type { ReactNode } from 'react';
import { useAccess } from '../../access/access-provider.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';

type Access = ReturnType<typeof useAccess>;
/** Of a person who is signed in. */
export type KnownAccess = { me: NonNullable<Access['me']>; settings: NonNullable<Access['settings']> };
type AccountFrameProps = { title: string; children: (known: KnownAccess) => ReactNode };

export function AccountFrame({ title, children }: AccountFrameProps) {
  const { settings, me } = useAccess();
  if (settings && me) return children({ settings, me });
  return (
    <>
      <PageHeader title={title} />
      {settings ? (
        <EmptyState title="This platform has no accounts">
          It answers on its own machine alone. Accounts are turned on by AUTH=on.
        </EmptyState>
      ) : (
        <Skeleton className="h-48" />
      )}
    </>
  );
}
