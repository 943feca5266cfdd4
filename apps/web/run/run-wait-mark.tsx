/** Why a queued run waits, in a few words for a row; the whole sentence is its title. */
import { TriangleAlert } from 'lucide-react';
import type { RunWaitFieldsFragment } from '../graphql/generated/graphql.ts';
import { classNames } from '../ui/class-names.ts';

type RunWaitMarkProps = { wait: RunWaitFieldsFragment | null | undefined };

export function RunWaitMark({ wait }: RunWaitMarkProps) {
  if (!wait) return null;
  return (
    <span
      title={wait.sentence}
      className={classNames(
        'inline-flex min-w-0 items-center gap-1 text-xs',
        wait.needsAttention ? 'text-caution' : 'text-muted-foreground',
      )}
    >
      {wait.needsAttention && <TriangleAlert className="size-3.5 shrink-0" aria-hidden />}
      <span className="truncate">{nameShortly(wait)}</span>
    </span>
  );
}

function nameShortly({ code, ahead }: RunWaitFieldsFragment): string {
  switch (code) {
    case 'NO_WORKER':
      return 'no worker';
    case 'NO_BACKEND':
      return 'no backend';
    case 'CARRIED':
      return 'carried by hand';
    case 'MACHINE':
      return 'waiting';
    case 'STARTING':
    case 'ALL_BUSY':
      return ahead === 0 ? 'next' : `${ahead} first`;
  }
}
