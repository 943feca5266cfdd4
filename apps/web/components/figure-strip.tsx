/** The page's headline numbers, side by side; those of a last line fill it. */
import type { ReactNode } from 'react';
import { classNames } from '../ui/class-names.ts';

export type Figure = { label: string; value: ReactNode; note?: ReactNode };

type FigureStripProps = {
  figures: Figure[];
  /** Hatched: figures that must not be trusted. */
  unsafe?: boolean;
};

export function FigureStrip({ figures, unsafe = false }: FigureStripProps) {
  return (
    <dl className="mb-5 flex flex-wrap gap-px overflow-hidden rounded-lg border border-line bg-line">
      {figures.map(({ label, value, note }) => (
        <div
          key={label}
          className={classNames('grow basis-2/5 bg-surface px-4 py-3 sm:basis-36', unsafe && 'hatched')}
        >
          <dt className="text-xs text-muted-foreground">{label}</dt>
          <dd className={classNames('text-xl font-semibold', unsafe && 'text-danger')}>{value}</dd>
          {note && <dd className="text-xs text-muted-foreground">{note}</dd>}
        </div>
      ))}
    </dl>
  );
}
