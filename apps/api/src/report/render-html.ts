/**
 * A report as one HTML file that opens anywhere and for as long as there are browsers: everything is in it, no script, and a
 * policy that forbids it to load anything. The same document gives the same bytes.
 */
import { escapeXml } from './chart-marks.ts';
import type {
  ReportBlock,
  ReportCell,
  ReportColumn,
  ReportDocument,
  ReportFigure,
} from './report-document.ts';

/** Nothing may be loaded or run, whatever a name in the report holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

const STYLE = `
:root { color-scheme: light dark; --text: #231f29; --muted: #655f6d; --line: #d5d1da; --page: #fff; --tint: #f6f4f7; --caution: #8a5100; --accent: #8e1f8f; }
@media (prefers-color-scheme: dark) {
  :root { --text: #ece9ef; --muted: #aaa4b3; --line: #453f4d; --page: #17141b; --tint: #221e28; --caution: #f0b35e; --accent: #dd86de; }
}
@media print { :root { color-scheme: light; --text: #231f29; --muted: #655f6d; --line: #d5d1da; --page: #fff; --tint: #fff; --caution: #8a5100; --accent: #8e1f8f; } }
body { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0.4rem 0 0; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 0.4rem; } h3 { font-size: 1.02rem; margin: 1.4rem 0 0.2rem; }
p { margin: 0.5rem 0; } .muted, header p, footer, figcaption { color: var(--muted); } .caution { color: var(--caution); } .accent { color: var(--accent); }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 0.88rem; margin: 0.5rem 0; }
th, td { text-align: left; vertical-align: top; padding: 0.28rem 0.9rem 0.28rem 0; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { color: var(--muted); font-weight: 600; } .right { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.facts th { padding-right: 1.6rem; white-space: nowrap; }
.notice { border: 1px solid var(--line); border-left: 4px solid var(--caution); padding: 0.6rem 1rem; margin: 0.8rem 0; } .notice b { color: var(--caution); }
.figures { display: grid; grid-template-columns: repeat(var(--columns), minmax(0, 1fr)); gap: 1rem; margin: 0.8rem 0; }
@media (max-width: 40rem) { .figures { grid-template-columns: minmax(0, 1fr); } }
figure { margin: 0; break-inside: avoid; } figure svg { display: block; width: 100%; height: auto; background: #fff; border-radius: 4px; } figcaption { font-size: 0.82rem; margin-top: 0.3rem; }
pre { background: var(--tint); border: 1px solid var(--line); padding: 0.6rem 0.8rem; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.82rem; }
footer { margin-top: 3rem; border-top: 1px solid var(--line); padding-top: 0.6rem; font-size: 0.82rem; overflow-wrap: anywhere; }
`;

export function renderHtml(report: ReportDocument): string {
  const asOf = report.asOf.toISOString().slice(0, 10);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeXml(report.title)}</title><style>${STYLE}</style></head><body><main>`,
    `<header><p>Microtome · ${escapeXml(report.kindOfDocument)}</p><h1>${escapeXml(report.title)}</h1>`,
    report.subtitle ? `<p>${escapeXml(report.subtitle)}</p>` : '',
    '</header>',
    ...report.blocks.map(renderBlock),
    `</main><footer>As of <time datetime="${asOf}">${asOf}</time> · ${escapeXml(report.identity)}</footer></body></html>`,
    '',
  ].join('\n');
}

function renderBlock(block: ReportBlock): string {
  switch (block.kind) {
    case 'heading':
      return `<h2>${escapeXml(block.text)}</h2>`;
    case 'subheading':
      return `<h3>${escapeXml(block.text)}</h3>`;
    case 'paragraph':
      return `<p class="${block.tone ?? 'plain'}">${escapeXml(block.text)}</p>`;
    case 'list':
      return renderList(block.items);
    case 'notice':
      return `<section class="notice"><b>${escapeXml(block.title)}</b>${renderList(block.items)}</section>`;
    case 'facts':
      return renderFacts(block.rows);
    case 'table':
      return renderTable(block);
    case 'figures':
      return renderFigures(block);
    case 'code':
      return `<pre>${escapeXml(block.text)}</pre>`;
    case 'pageBreak':
      return '<div style="break-after: page"></div>';
  }
}

function renderList(items: readonly string[]): string {
  return `<ul>${items.map((item) => `<li>${escapeXml(item)}</li>`).join('')}</ul>`;
}

function renderFacts(rows: Extract<ReportBlock, { kind: 'facts' }>['rows']): string {
  const lines = rows.map(
    ([label, value]) => `<tr><th scope="row">${escapeXml(label)}</th>${renderCell(value, undefined)}</tr>`,
  );
  return `<table class="facts"><tbody>${lines.join('')}</tbody></table>`;
}

function renderTable({ columns, rows, note }: Extract<ReportBlock, { kind: 'table' }>): string {
  const heads = columns.map(
    ({ header, align }) =>
      `<th scope="col"${align === 'right' ? ' class="right"' : ''}>${escapeXml(header)}</th>`,
  );
  const lines = rows.map(
    (cells) => `<tr>${cells.map((cell, at) => renderCell(cell, columns[at])).join('')}</tr>`,
  );
  // A wide table is moved sideways, by keys as well.
  const table = `<div class="wide" tabindex="0"><table><thead><tr>${heads.join('')}</tr></thead><tbody>${lines.join('')}</tbody></table></div>`;
  return note ? `${table}<p class="muted">${escapeXml(note)}</p>` : table;
}

function renderCell(cell: ReportCell, column: ReportColumn | undefined): string {
  const { text, bold = false, tone = 'plain' } = typeof cell === 'string' ? { text: cell } : cell;
  const classes = [column?.align === 'right' ? 'right' : '', tone === 'plain' ? '' : tone].filter(Boolean);
  const shown = bold ? `<b>${escapeXml(text)}</b>` : escapeXml(text);
  return `<td${classes.length > 0 ? ` class="${classes.join(' ')}"` : ''}>${shown}</td>`;
}

function renderFigures({ figures, atLeastColumns = 1 }: Extract<ReportBlock, { kind: 'figures' }>): string {
  const columns = Math.max(figures.length, atLeastColumns);
  return `<div class="figures" style="--columns: ${columns}">${figures.map(renderFigure).join('')}</div>`;
}

function renderFigure({ svg, caption }: ReportFigure): string {
  return `<figure>${svg.replace('<svg ', '<svg role="img" ')}<figcaption>${escapeXml(caption)}</figcaption></figure>`;
}
