/** A titled panel: the unit of every page. */
import type { ComponentProps, ReactNode } from 'react';
import { classNames } from './class-names.ts';

type CardProps = Omit<ComponentProps<'section'>, 'title'> & {
  title?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
  /** Without inner padding: for tables and pictures that reach the edges. */
  flush?: boolean;
};

export function Card({ title, note, actions, flush = false, className, children, ...rest }: CardProps) {
  return (
    <section
      className={classNames('min-w-0 rounded-lg border border-line bg-surface', className)}
      aria-label={typeof title === 'string' ? title : undefined}
      {...rest}
    >
      {(title || actions) && (
        <header className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 border-b border-line px-4 py-2.5">
          <div className="min-w-0">
            <h2 className="text-base font-semibold">{title}</h2>
            {note && <p className="text-xs text-muted-foreground">{note}</p>}
          </div>
          {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
        </header>
      )}
      <div className={flush ? '' : 'p-4'}>{children}</div>
    </section>
  );
}
