/** Markdown that people wrote, as elements of the page. HTML in it is shown as what was typed. */
import { createElement, Fragment, memo, type ReactNode } from 'react';
import type { MarkedToken, Tokens } from 'marked';
import { TextLink } from '../components/text-link.tsx';
import { classNames } from '../ui/class-names.ts';
import { listMarked, readLink, readMarkdown } from './read-markdown.ts';

/** Deeper than anything that is meant to be read. */
const DEPTH_MAX = 12;
const SMALLEST_HEADING = 6;
/** Under the title of a page and of a card. */
const FIRST_HEADING = 3;

export const MarkdownView = memo(({ text, className }: { text: string; className?: string }) => {
  const tokens = readMarkdown(text);
  return (
    <div className={classNames('flex flex-col gap-2 break-words', className)}>
      {tokens === null ? <p className="whitespace-pre-wrap">{text}</p> : renderAll(tokens, 0)}
    </div>
  );
});
MarkdownView.displayName = 'MarkdownView';

function renderAll(tokens: readonly MarkedToken[], depth: number): ReactNode {
  return tokens.map((token, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: tokens have no name of their own, and are drawn together
    <Fragment key={at}>{depth > DEPTH_MAX ? token.raw : render(token, depth + 1)}</Fragment>
  ));
}

function render(token: MarkedToken, depth: number): ReactNode {
  const inside = () => renderAll(listMarked('tokens' in token ? token.tokens : undefined), depth);
  switch (token.type) {
    case 'space':
    case 'def':
      return null;
    case 'br':
      return <br />;
    case 'hr':
      return <hr className="border-line" />;
    case 'heading':
      return createElement(
        `h${Math.min(SMALLEST_HEADING, token.depth + FIRST_HEADING - 1)}`,
        { className: 'font-semibold' },
        inside(),
      );
    case 'paragraph':
      return <p>{inside()}</p>;
    case 'strong':
      return <strong>{inside()}</strong>;
    case 'em':
      return <em>{inside()}</em>;
    case 'del':
      return <del>{inside()}</del>;
    case 'blockquote':
      return <blockquote className="border-l-2 border-line-strong pl-3">{inside()}</blockquote>;
    case 'codespan':
      return <code className="rounded-sm bg-surface-muted px-1 font-mono text-[0.92em]">{token.text}</code>;
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keys
        <pre tabIndex={0} className="overflow-auto rounded-md bg-surface-muted p-2.5 font-mono text-xs">
          {token.text}
        </pre>
      );
    case 'list':
      return renderList(token, depth);
    case 'table':
      return renderTable(token, depth);
    case 'link':
      return renderLink(token.href, inside());
    case 'image':
      return renderLink(token.href, token.text || token.href);
    case 'checkbox':
      return token.checked ? '☑ ' : '☐ ';
    case 'text':
      return token.tokens ? inside() : token.text;
    case 'escape':
      return token.text;
    default:
      return token.raw;
  }
}

function renderLink(href: string, inside: ReactNode): ReactNode {
  const link = readLink(href);
  if (!link) return inside;
  const look = 'text-accent underline underline-offset-3';
  if (link.isOwn)
    return (
      <TextLink href={link.href} className={look}>
        {inside}
      </TextLink>
    );
  return (
    <a href={link.href} target="_blank" rel="noopener noreferrer" className={look}>
      {inside}
    </a>
  );
}

function renderList({ ordered, start, items }: Tokens.List, depth: number): ReactNode {
  const entries = items.map((item, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: as above
    <li key={at}>{renderAll(listMarked(item.tokens), depth)}</li>
  ));
  if (ordered)
    return (
      <ol start={start || 1} className="list-decimal pl-6">
        {entries}
      </ol>
    );
  return <ul className="list-disc pl-6">{entries}</ul>;
}

function renderTable({ header, rows }: Tokens.Table, depth: number): ReactNode {
  const cells = (row: readonly Tokens.TableCell[], tag: 'th' | 'td') =>
    row.map(({ tokens, align }, at) =>
      createElement(
        tag,
        { key: at, className: 'border border-line px-2 py-1', style: { textAlign: align ?? 'left' } },
        renderAll(listMarked(tokens), depth),
      ),
    );
  return (
    <div className="overflow-auto">
      <table className="text-sm">
        <thead>
          <tr>{cells(header, 'th')}</tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <tr key={at}>{cells(row, 'td')}</tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
