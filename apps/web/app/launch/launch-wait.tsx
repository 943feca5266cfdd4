'use client';
/** What a run launched now would wait for, requested again while the form is open: workers come and go. */
import { useQuery } from '@apollo/client/react';
import { TextLink } from '../../components/text-link.tsx';
import { LaunchWaitDocument } from '../../graphql/generated/graphql.ts';
import { WAIT_REFRESH_MS } from '../../run/wait-refresh.ts';
import { Notice } from '../../ui/notice.tsx';
import type { LaunchFormState } from './use-launch-form.ts';

type LaunchWaitProps = { backend: string; launch: LaunchFormState };

export function LaunchWait({ backend, launch }: LaunchWaitProps) {
  const { precision = 'float32' } = launch.values;
  const { data } = useQuery(LaunchWaitDocument, {
    variables: { backend, precision: String(precision) },
    pollInterval: WAIT_REFRESH_MS,
    fetchPolicy: 'network-only',
  });
  const wait = data?.launchWait;
  if (!wait || (wait.code === 'STARTING' && wait.ahead === 0)) return null;
  if (!wait.needsAttention) return <p className="text-xs text-muted-foreground">{wait.sentence}</p>;
  return (
    <Notice tone="caution" title="Nothing can train this now">
      {wait.sentence} <TextLink href="/workers">Workers</TextLink>
    </Notice>
  );
}
