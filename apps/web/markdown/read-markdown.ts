/**
 * Markdown that people wrote as a small tree of known elements. Nothing of it becomes HTML: a tag that was typed stays text, an
 * address is a link or nothing, and no picture is loaded from elsewhere. Pure.
 */
import { Marked, type MarkedToken, type Token, type Tokens } from 'marked';

/** All that there can be. A heading stands under the titles of page and card. */
export type MarkdownTag =
  | 'p'
  | 'h3'
  | 'h4'
  | 'h5'
  | 'h6'
  | 'strong'
  | 'em'
  | 'del'
  | 'code'
  | 'pre'
  | 'blockquote'
  | 'ul'
  | 'ol'
  | 'li'
  | 'table'
  | 'thead'
  | 'tbody'
  | 'tr'
  | 'th'
  | 'td'
  | 'hr'
  | 'br'
  | 'a';

export type MarkdownNode =
  | string
  | { tag: MarkdownTag; children: MarkdownNode[]; href?: string; align?: 'center' | 'right'; start?: number };

const reader = new Marked({ gfm: true, breaks: true });
/** Deeper than anything that is meant to be read. */
const DEPTH_MAX = 12;
const HEADINGS = ['h3', 'h4', 'h5', 'h6'] as const;

/** What cannot be read at all, as brackets a thousand deep, is one paragraph as it stands. */
export function readMarkdown(text: string): MarkdownNode[] {
  try {
    return readAll(reader.lexer(text), 0);
  } catch {
    return [{ tag: 'p', children: [text] }];
  }
}

/** A page of the dashboard, or an address elsewhere; null for what is neither, as `javascript:` is. */
export function readLink(href: string): { href: string; isOwn: boolean } | null {
  if (/^\/(?![/\\])/.test(href)) return { href, isOwn: true };
  const url = URL.parse(href);
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  return { href: url.href, isOwn: false };
}

/** There are no extensions, so that every token is one of those that are known. */
function readAll(tokens: readonly Token[] | undefined, depth: number): MarkdownNode[] {
  return ((tokens ?? []) as MarkedToken[]).flatMap((token) =>
    depth > DEPTH_MAX ? [token.raw] : readToken(token, depth + 1),
  );
}

function readToken(token: MarkedToken, depth: number): MarkdownNode[] {
  const inside = () => readAll('tokens' in token ? token.tokens : undefined, depth);
  const element = (tag: MarkdownTag, children = inside()): MarkdownNode[] => [{ tag, children }];
  switch (token.type) {
    case 'space':
    case 'def':
      return [];
    case 'br':
    case 'hr':
      return element(token.type, []);
    case 'heading':
      return element(HEADINGS[Math.min(token.depth, HEADINGS.length) - 1] ?? 'h6');
    case 'paragraph':
      return element('p');
    case 'strong':
    case 'em':
    case 'del':
    case 'blockquote':
      return element(token.type);
    case 'codespan':
      return element('code', [token.text]);
    case 'code':
      return element('pre', [token.text]);
    case 'list':
      return readList(token, depth);
    case 'table':
      return readTable(token, depth);
    case 'link':
      return linkTo(token.href, inside());
    case 'image':
      return linkTo(token.href, [token.text || token.href]);
    case 'checkbox':
      return [token.checked ? '☑ ' : '☐ '];
    case 'text':
      return token.tokens ? inside() : [token.text];
    case 'escape':
      return [token.text];
    default:
      return [token.raw];
  }
}

function linkTo(address: string, children: MarkdownNode[]): MarkdownNode[] {
  const link = readLink(address);
  return link ? [{ tag: 'a', href: link.href, children }] : children;
}

function readList({ ordered, start, items }: Tokens.List, depth: number): MarkdownNode[] {
  const children = items.map((item): MarkdownNode => ({ tag: 'li', children: readAll(item.tokens, depth) }));
  return [ordered ? { tag: 'ol', start: Number(start) || 1, children } : { tag: 'ul', children }];
}

function readTable({ header, rows }: Tokens.Table, depth: number): MarkdownNode[] {
  const line = (cells: readonly Tokens.TableCell[], tag: 'th' | 'td'): MarkdownNode => ({
    tag: 'tr',
    children: cells.map(({ tokens, align }) => ({
      ...{ tag, children: readAll(tokens, depth) },
      ...(align === 'center' || align === 'right' ? { align } : {}),
    })),
  });
  const body = rows.map((row) => line(row, 'td'));
  return [
    {
      tag: 'table',
      children: [
        { tag: 'thead', children: [line(header, 'th')] },
        { tag: 'tbody', children: body },
      ],
    },
  ];
}
