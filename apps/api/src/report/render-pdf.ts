/**
 * A report as a PDF: A4, page header and footer, tables that repeat their header, figures as vectors. The fonts come
 * with the pdfmake package; nothing is read from the network. The same document gives the same bytes.
 */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import pdfmake from 'pdfmake';
import type { Content, TableCell, TDocumentDefinitions } from 'pdfmake/interfaces.js';
import type { ReportBlock, ReportCell, ReportDocument, ReportFigure, ReportTone } from './report-document.ts';

const PAGE_MARGINS_PT: [number, number, number, number] = [44, 62, 44, 52];
const CONTENT_WIDTH_PT = 595 - PAGE_MARGINS_PT[0] - PAGE_MARGINS_PT[2];
const FIGURE_GAP_PT = 14;
/** As a share of the page's height. */
const LAST_HEADING_AT = 0.8;

const TEXT = '#231f29';
const LINE = '#d5d1da';
const TONES: Record<ReportTone, string> = {
  plain: TEXT,
  muted: '#6d6775',
  caution: '#9a5b00',
  accent: '#8e1f8f',
};

const require = createRequire(import.meta.url);
const fontsDir = dirname(require.resolve('pdfmake/fonts/Roboto.js'));

pdfmake.setFonts({
  Roboto: {
    normal: `${fontsDir}/Roboto/Roboto-Regular.ttf`,
    bold: `${fontsDir}/Roboto/Roboto-Medium.ttf`,
    italics: `${fontsDir}/Roboto/Roboto-Italic.ttf`,
    bolditalics: `${fontsDir}/Roboto/Roboto-MediumItalic.ttf`,
  },
  // Every PDF reader has this font, so no file is needed.
  Courier: { normal: 'Courier', bold: 'Courier-Bold', italics: 'Courier-Oblique' },
});
// The name of a run must never become a way to read a file or an address.
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy((path) => path.startsWith(fontsDir) || /^Courier(-\w+)?$/.test(path));

/** Renders in this thread: tens to hundreds of milliseconds. */
export async function renderPdf(report: ReportDocument): Promise<Uint8Array> {
  return pdfmake.createPdf(layOut(report)).getBuffer();
}

function layOut(report: ReportDocument): TDocumentDefinitions {
  return {
    pageSize: 'A4',
    pageMargins: PAGE_MARGINS_PT,
    info: { title: report.title, creator: 'Microtome', producer: 'Microtome', creationDate: report.asOf },
    language: 'en',
    defaultStyle: { font: 'Roboto', fontSize: 9, lineHeight: 1.2, color: TEXT },
    header: () => ({
      margin: [PAGE_MARGINS_PT[0], 26, PAGE_MARGINS_PT[2], 0],
      fontSize: 8,
      color: TONES.muted,
      columns: [
        { text: `Microtome · ${report.kindOfDocument}`, width: 'auto' },
        { text: shorten(report.title, 70), alignment: 'right', width: '*' },
      ],
    }),
    footer: (page, pages) => ({
      margin: [PAGE_MARGINS_PT[0], 18, PAGE_MARGINS_PT[2], 0],
      fontSize: 7.5,
      color: TONES.muted,
      columns: [
        { text: report.identity, width: '*' },
        {
          text: `As of ${formatDay(report.asOf)} · page ${page} of ${pages}`,
          alignment: 'right',
          width: 'auto',
        },
      ],
    }),
    content: [
      { text: report.title, fontSize: 19, bold: true, lineHeight: 1.1 },
      ...(report.subtitle
        ? [{ text: report.subtitle, color: TONES.muted, margin: [0, 3, 0, 0] as Margin }]
        : []),
      ...report.blocks.map(layOutBlock),
    ],
    // A heading must not be left alone at the foot of a page.
    pageBreakBefore: (node) =>
      node.headlineLevel !== undefined && node.startPosition.verticalRatio > LAST_HEADING_AT,
  };
}

type Margin = [left: number, top: number, right: number, bottom: number];
const AROUND: Margin = [0, 4, 0, 6];

function layOutBlock(block: ReportBlock): Content {
  switch (block.kind) {
    case 'heading':
      return { text: block.text, fontSize: 13, bold: true, margin: [0, 16, 0, 4], headlineLevel: 1 };
    case 'subheading':
      return { text: block.text, fontSize: 10.5, bold: true, margin: [0, 9, 0, 2], headlineLevel: 2 };
    case 'paragraph':
      return { text: block.text, color: TONES[block.tone ?? 'plain'], margin: [0, 3, 0, 4] };
    case 'list':
      return { ul: [...block.items], margin: AROUND };
    case 'notice':
      return layOutNotice(block);
    case 'facts':
      return layOutFacts(block);
    case 'table':
      return layOutTable(block);
    case 'figures':
      return layOutFigures(block.figures, block.atLeastColumns);
    case 'code':
      return {
        table: {
          widths: ['*'],
          body: [[{ text: block.text, font: 'Courier', fontSize: 8, preserveLeadingSpaces: true }]],
        },
        layout: { hLineColor: () => LINE, vLineColor: () => LINE, fillColor: () => '#f6f4f7' },
        margin: AROUND,
      };
    case 'pageBreak':
      return { text: '', pageBreak: 'after' };
  }
}

function layOutNotice({ title, items }: Extract<ReportBlock, { kind: 'notice' }>): Content {
  return {
    table: {
      widths: ['*'],
      body: [
        [
          {
            stack: [
              { text: title, bold: true, color: TONES.caution },
              { ul: [...items], margin: [0, 2, 0, 0] },
            ],
          },
        ],
      ],
    },
    layout: {
      hLineWidth: () => 0,
      vLineWidth: (at) => (at === 0 ? 2.5 : 0),
      vLineColor: () => TONES.caution,
      fillColor: () => '#fdf6e9',
      paddingLeft: () => 8,
      paddingRight: () => 8,
      paddingTop: () => 6,
      paddingBottom: () => 6,
    },
    margin: [0, 8, 0, 8],
  };
}

function layOutFacts({ rows }: Extract<ReportBlock, { kind: 'facts' }>): Content {
  return {
    table: {
      widths: [120, '*'],
      body: rows.map(([label, value]) => [{ text: label, color: TONES.muted }, layOutCell(value)]),
    },
    layout: { ...RULED, hLineWidth: (at, node) => (at === 0 || at === node.table.body.length ? 0 : 0.5) },
    margin: AROUND,
  };
}

const RULED = {
  hLineColor: () => LINE,
  vLineWidth: () => 0,
  paddingLeft: () => 4,
  paddingRight: () => 4,
  paddingTop: () => 2.5,
  paddingBottom: () => 1.5,
};

function layOutTable({ columns, rows, note }: Extract<ReportBlock, { kind: 'table' }>): Content {
  const align = (cell: ReportCell, at: number): TableCell => ({
    ...layOutCell(cell),
    alignment: columns[at]?.align ?? 'left',
  });
  const head = columns.map(({ header }, at) => align({ text: header, bold: true, tone: 'muted' }, at));
  const table: Content = {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: columns.map(({ width = 'auto' }) => (width === 'grow' ? '*' : width)),
      body: [head, ...rows.map((row) => row.map(align))],
    },
    fontSize: columns.length > 7 ? 7.5 : 8.5,
    layout: { ...RULED, hLineWidth: (at) => (at === 0 ? 0 : at === 1 ? 1 : 0.5) },
    margin: AROUND,
  };
  if (!note) return table;
  return [table, { text: note, fontSize: 7.5, color: TONES.muted, margin: [0, 0, 0, 6] }];
}

function layOutCell(cell: ReportCell): { text: string; bold: boolean; color: string } {
  const { text, bold = false, tone = 'plain' } = typeof cell === 'string' ? { text: cell } : cell;
  return { text, bold, color: TONES[tone] };
}

function layOutFigures(figures: readonly ReportFigure[], atLeastColumns = 1): Content {
  const columns = Math.max(figures.length, atLeastColumns);
  const width = (CONTENT_WIDTH_PT - FIGURE_GAP_PT * (columns - 1)) / columns;
  return {
    columns: figures.map(({ svg, caption }) => ({
      width,
      unbreakable: true,
      stack: [
        { svg, width, font: 'Roboto' },
        { text: caption, fontSize: 7.5, color: TONES.muted, margin: [0, 3, 0, 0] as Margin },
      ],
    })),
    columnGap: FIGURE_GAP_PT,
    margin: [0, 6, 0, 8],
  };
}

function shorten(text: string, mostCharacters: number): string {
  return text.length <= mostCharacters ? text : `${text.slice(0, mostCharacters - 1)}…`;
}

function formatDay(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
