'use client';
/** Links to the parts of a long page, in sight while it is read. */
import type { ReactNode } from 'react';

export type PagePart = { id: string; title: string; content: ReactNode };

/** The parts one below the other, after links to each. */
export function JumpList({ parts }: { parts: readonly PagePart[] }) {
  return (
    <>
      <nav
        aria-label="Parts of this page"
        className="sticky top-0 z-10 -mx-1 flex gap-1 overflow-x-auto bg-background/95 px-1 py-1.5 text-xs"
      >
        {parts.map(({ id, title }) => (
          <a
            key={id}
            href={`#${id}`}
            className="rounded-md px-2 py-1 whitespace-nowrap text-muted-foreground hover:bg-surface-muted hover:text-foreground"
          >
            {title}
          </a>
        ))}
      </nav>
      {parts.map(({ id, content }) => (
        <div key={id} id={id} className="flex scroll-mt-12 flex-col gap-5">
          {content}
        </div>
      ))}
    </>
  );
}
