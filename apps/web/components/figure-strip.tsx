/** The page's headline numbers, side by side. */
import type { ReactNode } from 'react';

export type Figure = { label: string; value: ReactNode; note?: ReactNode };

export function FigureStrip({ figures }: { figures: Figure[] }) {
  return (
    <dl className="mb-5 grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-[repeat(auto-fit,minmax(9rem,1fr))]">
      {figures.map(({ label, value, note }) => (
        <div key={label} className="bg-surface px-4 py-3">
          <dt className="text-xs text-muted-foreground">{label}</dt>
          <dd className="text-xl font-semibold">{value}</dd>
          {note && <dd className="text-xs text-muted-foreground">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
