/** What people wrote becomes a tree of known elements: nothing of it is HTML, whatever it is. */
import { describe, expect, it } from 'vitest';
import { type MarkdownNode, readLink, readMarkdown } from '../../../apps/web/markdown/read-markdown.ts';

const listTags = (nodes: readonly MarkdownNode[]): string[] =>
  nodes.flatMap((node) => (typeof node === 'string' ? [] : [node.tag, ...listTags(node.children)]));
const listLinks = (nodes: readonly MarkdownNode[]): string[] =>
  nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [...(node.href ? [node.href] : []), ...listLinks(node.children)],
  );
const readText = (nodes: readonly MarkdownNode[]): string =>
  nodes.map((node) => (typeof node === 'string' ? node : readText(node.children))).join('');

describe('a note', () => {
  it('has headings, emphasis, lists, code and tables', () => {
    const nodes = readMarkdown(
      '# Why\n\n**deep** beats *shallow*:\n\n- one\n- `two`\n\n3. three\n\n| a | b |\n|---|--:|\n| 1 | 2 |',
    );
    expect(new Set(listTags(nodes))).toEqual(
      new Set([
        'h3',
        'p',
        'strong',
        'em',
        'ul',
        'li',
        'code',
        'ol',
        'table',
        'thead',
        'tbody',
        'tr',
        'th',
        'td',
      ]),
    );
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<a href="javascript:alert(1)">here</a>',
    '<style>body{display:none}</style>',
  ])('shows HTML as what was typed: %s', (text) => {
    const nodes = readMarkdown(text);
    expect(listTags(nodes).filter((tag) => tag !== 'p')).toEqual([]);
    expect(readText(nodes)).toContain(text);
  });

  it('has links to pages and to addresses elsewhere, and to nothing else', () => {
    expect(listLinks(readMarkdown('[run](/runs/1) and https://example.org/a'))).toEqual([
      '/runs/1',
      'https://example.org/a',
    ]);
    for (const href of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//elsewhere.example',
      '/\\elsewhere.example',
      'x',
    ])
      expect(readLink(href)).toBeNull();
    expect(listLinks(readMarkdown('[x](javascript:alert(1)) ![x](data:image/png,x)'))).toEqual([]);
  });

  it('loads no picture: it is a link to it', () => {
    const nodes = readMarkdown('![a slide](https://example.org/a.png)');
    expect([listTags(nodes), readText(nodes)]).toEqual([['p', 'a'], 'a slide']);
  });

  it('is shown as it is where it is nested beyond reading', () => {
    const nodes = readMarkdown(`${'> '.repeat(4_000)}end`);
    expect(listTags(nodes).length).toBeLessThan(20);
    expect(readText(nodes)).toContain('end');
  });
});
