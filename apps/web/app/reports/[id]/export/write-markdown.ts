/** The tree that Markdown is read as, as HTML for a file: known elements alone, every text and address escaped. Pure. */

import { escapeHtml } from '../../../../charts/chart-frame.ts';
import { type MarkdownNode, readLink, readMarkdown } from '../../../../markdown/read-markdown.ts';

const EMPTY_TAGS = ['br', 'hr'];

export function writeMarkdown(text: string): string {
  return writeAll(readMarkdown(text));
}

function writeAll(nodes: readonly MarkdownNode[]): string {
  return nodes.map((node) => (typeof node === 'string' ? escapeHtml(node) : writeElement(node))).join('');
}

function writeElement({ tag, children, href, align, start }: Exclude<MarkdownNode, string>): string {
  const inside = writeAll(children);
  if (EMPTY_TAGS.includes(tag)) return `<${tag}>`;
  if (tag === 'a') {
    const link = readLink(href ?? '');
    // A page of the dashboard is not where the file is.
    return link && !link.isOwn
      ? `<a href="${escapeHtml(link.href)}" rel="noopener noreferrer">${inside}</a>`
      : inside;
  }
  const attributes = [
    align ? ` style="text-align: ${align}"` : '',
    start === undefined ? '' : ` start="${start}"`,
  ].join('');
  const element = `<${tag}${attributes}>${inside}</${tag}>`;
  return tag === 'table' ? `<div class="wide" tabindex="0">${element}</div>` : element;
}
