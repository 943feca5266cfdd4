/**
 * A report as one HTML file that opens for as long as there are browsers: text, charts as SVG, tables and styles are in it, there
 * is no script, and a policy forbids it to load anything. Pure: charts come drawn.
 */
import { escapeHtml } from '../../../../charts/chart-frame.ts';
import { formatInterval, formatMetric, formatSigned } from '../../../../format/format-number.ts';
import { formatUtc } from '../../../../format/format-time.ts';
import type { ReportFactsFragment, ReportPartsFragment } from '../../../../graphql/generated/graphql.ts';
import { type MetricCatalogue, titleMetric } from '../../../../metrics/metric-catalogue.ts';
import {
  describePair,
  intervalOf,
  listMetrics,
  type ReportComparison,
  type ReportPair,
} from '../panels/list-metrics.ts';
import { describeIssue, describePart, PANEL_NAMES } from '../panels/name-panel.ts';
import { hasNumbers, type ReportTable, showCell } from '../panels/show-cell.ts';
import { REPORT_STYLE } from './report-style.ts';
import { writeMarkdown } from './write-markdown.ts';

/** Nothing may be loaded or run, whatever a name in the report holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

export type DrawnChart = { title: string; svg: string };

type Written = {
  report: Pick<ReportFactsFragment, 'name' | 'author' | 'frozen' | 'project' | 'version'>;
  blocks: readonly ReportPartsFragment[];
  /** The charts of a block, in its order. */
  charts: ReadonlyMap<ReportPartsFragment, readonly DrawnChart[]>;
  catalogue: MetricCatalogue;
  now: Date;
};

export function writeReport({ report, blocks, charts, catalogue, now }: Written): string {
  const { name, author, frozen, project, version } = report;
  const asOf = frozen?.at ?? now.toISOString();
  const state = frozen ? `Frozen by ${frozen.by}` : 'As it was live';
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${POLICY}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(name)}</title><style>${REPORT_STYLE}</style></head><body><main>`,
    `<header><p>Microtome · report</p><h1>${escapeHtml(name)}</h1>`,
    `<p>By ${escapeHtml(author)} · ${escapeHtml(state)}, <time datetime="${asOf}">${formatUtc(asOf)}</time></p></header>`,
    ...blocks.map((block) => writeBlock(block, { charts: charts.get(block) ?? [], catalogue })),
    `</main><footer>Project ${escapeHtml(project.name)} · version ${version} · what its panels show is of <time datetime="${asOf}">${formatUtc(asOf)}</time></footer></body></html>`,
    '',
  ].join('\n');
}

type Drawing = { charts: readonly DrawnChart[]; catalogue: MetricCatalogue };

function writeBlock(block: ReportPartsFragment, { charts, catalogue }: Drawing): string {
  const { text, panelKind, title, issue, problem, chart, table, comparison } = block;
  if (text != null) return `<section class="text">${writeMarkdown(text)}</section>`;
  const name = title ?? (panelKind ? PANEL_NAMES[panelKind] : 'Panel');
  const inside = () => {
    if (issue) return note(describeIssue(issue));
    if (chart) return writeCharts(charts, describePart(countRuns(chart), chart.runCount));
    if (table) return writeTable(table, name);
    if (comparison) return writeComparison(comparison, catalogue);
    return note(problem ?? 'It was frozen without this panel.');
  };
  return `<section class="panel"><h2>${escapeHtml(name)}</h2>${inside()}</section>`;
}

function countRuns({ series }: NonNullable<ReportPartsFragment['chart']>): number {
  return new Set(series.map(({ runId }) => runId)).size;
}

function note(sentence: string | undefined): string {
  return sentence ? `<p class="muted">${escapeHtml(sentence)}</p>` : '';
}

function writeCharts(charts: readonly DrawnChart[], part: string | undefined): string {
  if (charts.length === 0) return note('No run has a number of these metrics.');
  const figures = charts.map(
    ({ title, svg }) =>
      `<figure>${svg.replace('<svg ', `<svg role="img" aria-label="${escapeHtml(title)}" `)}</figure>`,
  );
  return `<div class="figures">${figures.join('')}</div>${note(part)}`;
}

type Cell = { text: string; isNumber?: boolean };

function writeRows(caption: string, head: readonly Cell[], rows: readonly (readonly Cell[])[]): string {
  const cell = (tag: 'th' | 'td') => (one: Cell) =>
    `<${tag}${tag === 'th' ? ' scope="col"' : ''}${one.isNumber ? ' class="right"' : ''}>${escapeHtml(one.text)}</${tag}>`;
  const lines = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('');
  return `<div class="wide" tabindex="0"><table><caption>${escapeHtml(caption)}</caption><thead><tr>${head.map(cell('th')).join('')}</tr></thead><tbody>${lines}</tbody></table></div>`;
}

function writeTable({ columns, rows, runCount }: ReportTable, name: string): string {
  const areNumbers = columns.map((_, at) => hasNumbers({ columns, rows }, at));
  if (rows.length === 0) return note('No run matches.');
  const head = [{ text: 'Run' }, ...columns.map(({ text }, at) => ({ text, isNumber: areNumbers[at] }))];
  const lines = rows.map(({ run, cells }) => [
    { text: run },
    ...columns.map((column, at) => ({
      text: showCell(column, cells[at], formatUtc),
      isNumber: areNumbers[at],
    })),
  ]);
  return writeRows(name, head, lines) + note(describePart(rows.length, runCount));
}

const METRIC_HEAD: readonly Cell[] = [
  { text: 'Metric' },
  { text: 'First', isNumber: true },
  { text: 'Second', isNumber: true },
  { text: 'Difference', isNumber: true },
  { text: '95 % interval' },
  { text: 'Verdict' },
];

function writeComparison({ verdict, warnings, pairs }: ReportComparison, catalogue: MetricCatalogue): string {
  const kept = warnings.map((warning) => `<li>${escapeHtml(warning)}</li>`).join('');
  return [
    `<p><b>${escapeHtml(verdict)}</b></p>`,
    kept ? `<ul>${kept}</ul>` : '',
    ...pairs.map((pair) => writePair(pair, catalogue)),
  ].join('');
}

function writePair(pair: ReportPair, catalogue: MetricCatalogue): string {
  const title = `<h3>${escapeHtml(describePair(pair))}</h3>`;
  if (pair.refused != null) return title + note(pair.refused);
  const rows = listMetrics(pair, catalogue).map((row) => [
    { text: titleMetric(catalogue, row.name) },
    { text: formatMetric(row.a), isNumber: true },
    { text: formatMetric(row.b), isNumber: true },
    { text: formatSigned(row.difference), isNumber: true },
    { text: formatInterval(intervalOf(row)) },
    { text: row.verdict },
  ]);
  return title + note(pair.caution ?? undefined) + writeRows(describePair(pair), METRIC_HEAD, rows);
}
