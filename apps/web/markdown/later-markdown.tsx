'use client';
/** The same where a page shows itself before what people wrote: what reads it is loaded with the first text. */
import { loadLater } from '../ui/load-later.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

export const LaterMarkdown = loadLater(
  async () => (await import('./markdown-view.tsx')).MarkdownView,
  <Skeleton className="h-5" />,
);
