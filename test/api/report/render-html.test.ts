import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../apps/api/src/report/render-html.ts';
import type { ReportDocument } from '../../../apps/api/src/report/report-document.ts';

const HOSTILE = '<script>alert(1)</script><img src=x onerror="a">&amp;';
const report: ReportDocument = {
  title: HOSTILE,
  subtitle: HOSTILE,
  kindOfDocument: 'Comparison',
  identity: HOSTILE,
  asOf: new Date('2026-11-28T10:00:00Z'),
  blocks: [
    { kind: 'heading', text: HOSTILE },
    { kind: 'subheading', text: HOSTILE },
    { kind: 'paragraph', text: HOSTILE, tone: 'caution' },
    { kind: 'list', items: [HOSTILE] },
    { kind: 'notice', title: HOSTILE, items: [HOSTILE] },
    { kind: 'facts', rows: [[HOSTILE, { text: HOSTILE, bold: true, tone: 'muted' }]] },
    {
      kind: 'table',
      columns: [{ header: HOSTILE }, { header: 'AUC', align: 'right' }],
      rows: [[HOSTILE, '0.9']],
      note: HOSTILE,
    },
    { kind: 'figures', figures: [{ svg: '<svg viewBox="0 0 1 1"></svg>', caption: HOSTILE }] },
    { kind: 'code', text: HOSTILE },
    { kind: 'pageBreak' },
  ],
};

describe('a report as one HTML file', () => {
  const html = renderHtml(report);

  it('says what people named as text, wherever it stands', () => {
    const written = '&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=&quot;a&quot;&gt;&amp;amp;';
    expect(html.split(written)).toHaveLength(18);
    expect(html).not.toMatch(/<script|<img/);
  });

  it('loads nothing, and forbids a browser to', () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/\b(src|href|url)\s*[=(]\s*["']?https?:/);
    expect(html).not.toContain('@import');
  });

  it('has the figures in it and the day that it holds for, and is the same bytes each time', () => {
    expect(html).toContain('<svg role="img" viewBox');
    expect(html).toContain('2026-11-28');
    expect(renderHtml(report)).toBe(html);
  });
});
