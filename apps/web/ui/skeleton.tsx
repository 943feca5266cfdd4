/** The grey shape of something that is on its way. */
import { classNames } from './class-names.ts';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-pulse rounded-md bg-surface-muted', className)} />;
}
