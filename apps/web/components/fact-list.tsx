/** Named facts in a grid: label above, value below. */
import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

export type Fact = { label: string; value: ReactNode; note?: ReactNode };

export function FactList({ facts, className }: { facts: Fact[]; className?: string }) {
  return (
    <dl className={classNames('grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-4', className)}>
      {facts.map(({ label, value, note }) => (
        <div key={label} className="min-w-0">
          <dt className="text-xs text-muted-foreground">{label}</dt>
          <dd className="font-medium break-words">{value}</dd>
          {note && <dd className="text-xs text-muted-foreground">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
