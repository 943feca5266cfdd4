/** Markdown that people wrote, as elements of the page. */
import { createElement, memo, type ReactNode } from 'react';
import { TextLink } from '../components/text-link.tsx';
import { classNames } from '../ui/class-names.ts';
import { type MarkdownNode, type MarkdownTag, readLink, readMarkdown } from './read-markdown.ts';

const HEADING = 'font-semibold';
const CELL = 'border border-line px-2 py-1';
const LINK = 'text-accent underline underline-offset-3';

const LOOKS: Partial<Record<MarkdownTag, string>> = {
  h3: HEADING,
  h4: HEADING,
  h5: HEADING,
  h6: HEADING,
  code: 'rounded-sm bg-surface-muted px-1 font-mono text-[0.92em]',
  pre: 'overflow-auto rounded-md bg-surface-muted p-2.5 font-mono text-xs',
  blockquote: 'border-l-2 border-line-strong pl-3',
  ul: 'list-disc pl-6',
  ol: 'list-decimal pl-6',
  table: 'block overflow-auto text-sm',
  th: CELL,
  td: CELL,
  hr: 'border-line',
};
/** They scroll, so that keys have to reach them. */
const SCROLLING: readonly MarkdownTag[] = ['pre', 'table'];

export const MarkdownView = memo(({ text, className }: { text: string; className?: string }) => (
  <div className={classNames('flex flex-col gap-2 break-words', className)}>
    {drawAll(readMarkdown(text))}
  </div>
));
MarkdownView.displayName = 'MarkdownView';

function drawAll(nodes: readonly MarkdownNode[]): ReactNode[] {
  return nodes.map((node, at) => (typeof node === 'string' ? node : draw(node, at)));
}

function draw({ tag, children, href, align, start }: Exclude<MarkdownNode, string>, key: number): ReactNode {
  if (tag === 'a') return drawLink(href ?? '', { key, inside: drawAll(children) });
  return createElement(
    tag,
    {
      key,
      className: LOOKS[tag],
      ...(align ? { style: { textAlign: align } } : {}),
      ...(start === undefined ? {} : { start }),
      ...(SCROLLING.includes(tag) ? { tabIndex: 0 } : {}),
    },
    ...drawAll(children),
  );
}

function drawLink(href: string, { key, inside }: { key: number; inside: ReactNode[] }): ReactNode {
  if (readLink(href)?.isOwn)
    return (
      <TextLink key={key} href={href} className={LINK}>
        {inside}
      </TextLink>
    );
  return (
    <a key={key} href={href} target="_blank" rel="noopener noreferrer" className={LINK}>
      {inside}
    </a>
  );
}
