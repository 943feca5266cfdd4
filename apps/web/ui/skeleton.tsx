/** A grey placeholder for something that is loading. */
import { classNames } from './class-names.ts';

export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={classNames('animate-pulse rounded-md bg-surface-muted', className)} />;
}
