'use client';
/** Running imports, each with its bar, and the newest import if it failed. */
import type { ImportStateFragment } from '../../graphql/generated/graphql.ts';
import { ImportCard } from './import-card.tsx';

type ImportListProps = { imports: readonly ImportStateFragment[]; onSettled: () => void };

export function ImportList({ imports, onSettled }: ImportListProps) {
  const shown = imports.filter(
    ({ status }, index) => status === 'RUNNING' || (index === 0 && status === 'FAILED'),
  );
  return shown.map((state) => <ImportCard key={state.id} initial={state} onSettled={onSettled} />);
}
