'use client';
/** The top of a page: breadcrumb, title, marks and actions. A title in words is the browser tab's too. */
import { ArrowLeft } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { LaterLink } from './later-link.tsx';

type PageHeaderProps = {
  title: ReactNode;
  parent?: { href: string; label: string };
  marks?: ReactNode;
  note?: ReactNode;
  actions?: ReactNode;
};

export function PageHeader({ title, parent, marks, note, actions }: PageHeaderProps) {
  const tab = typeof title === 'string' ? title : null;
  useEffect(() => {
    if (tab !== null) document.title = `${tab} · Microtome`;
  }, [tab]);
  return (
    <header className="mb-5 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        {parent && (
          <nav aria-label="Breadcrumb" className="mb-0.5 text-xs text-muted-foreground">
            <LaterLink
              href={parent.href}
              className="inline-flex items-center gap-1 hover:text-foreground hover:underline"
            >
              <ArrowLeft className="size-3" aria-hidden />
              {parent.label}
            </LaterLink>
          </nav>
        )}
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1.5">
          <h1 className="text-2xl font-semibold tracking-tight break-words">{title}</h1>
          {marks}
        </div>
        {note && <div className="mt-1 max-w-3xl text-sm text-pretty text-muted-foreground">{note}</div>}
      </div>
      {actions && <div className="flex flex-wrap items-center gap-2">{actions}</div>}
    </header>
  );
}
