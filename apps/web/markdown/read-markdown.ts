/**
 * Markdown as tokens, and which of its addresses may be links. What people write is shown as text and links alone: nothing of it
 * becomes HTML, and no picture is loaded from elsewhere. Pure.
 */
import { Marked, type MarkedToken, type Token } from 'marked';

const reader = new Marked({ gfm: true, breaks: true });

/** Null for what cannot be read at all, as brackets a thousand deep: it is shown as it is. */
export function readMarkdown(text: string): MarkedToken[] | null {
  try {
    return listMarked(reader.lexer(text));
  } catch {
    return null;
  }
}

/** There are no extensions, so that every token is one of those that are known. */
export function listMarked(tokens: readonly Token[] | undefined): MarkedToken[] {
  return (tokens ?? []) as MarkedToken[];
}

/** A page of the dashboard, or an address elsewhere; null for what is neither, as `javascript:` is. */
export function readLink(href: string): { href: string; isOwn: boolean } | null {
  if (/^\/(?![/\\])/.test(href)) return { href, isOwn: true };
  const url = URL.parse(href);
  if (!url || !['http:', 'https:', 'mailto:'].includes(url.protocol)) return null;
  return { href: url.href, isOwn: false };
}
