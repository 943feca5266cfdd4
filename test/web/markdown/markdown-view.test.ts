/** What people wrote is shown as text and links: nothing of it becomes HTML, whatever it is. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { MarkdownView } from '../../../apps/web/markdown/markdown-view.tsx';
import { readLink, readMarkdown } from '../../../apps/web/markdown/read-markdown.ts';

const show = (text: string) => renderToStaticMarkup(createElement(MarkdownView, { text }));

describe('a note', () => {
  it('has headings, emphasis, lists, code and tables', () => {
    const html = show('# Why\n\n**deep** beats *shallow*:\n\n- one\n- `two`\n\n| a | b |\n|---|--:|\n| 1 | 2 |');
    for (const part of ['<h3', '<strong>deep</strong>', '<em>shallow</em>', '<ul', '<code', '<table', '<td'])
      expect(html).toContain(part);
  });

  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<a href="javascript:alert(1)">here</a>',
    '<style>body{display:none}</style>',
  ])('shows HTML as what was typed: %s', (text) => {
    expect(show(text)).not.toMatch(/<(script|img|style|a )/);
    expect(show(text)).toContain('&lt;');
  });

  it('has links to pages and to addresses elsewhere, and to nothing else', () => {
    expect(show('[run](/runs/1)')).toContain('href="/runs/1"');
    expect(show('[paper](https://example.org/a)')).toContain('rel="noopener noreferrer"');
    for (const href of ['javascript:alert(1)', 'data:text/html,x', '//elsewhere.example', '/\\elsewhere.example', 'x'])
      expect(readLink(href)).toBeNull();
    expect(show('[x](javascript:alert(1))')).not.toContain('href');
  });

  it('loads no picture: it is a link to it', () => {
    const html = show('![a slide](https://example.org/a.png)');
    expect(html).not.toContain('<img');
    expect(html).toContain('>a slide</a>');
  });

  it('is shown as it is where it is nested beyond reading', () => {
    const deep = `${'> '.repeat(4_000)}end`;
    expect(show(deep)).toContain('end');
    expect(show(deep).match(/<blockquote/g)?.length ?? 0).toBeLessThan(20);
    expect(readMarkdown('plain')).toHaveLength(1);
  });
});
