/** A model card as Markdown, with the reliability picture as a table of its numbers. Pure. */
import type { ReportCell } from '../report/report-document.ts';
import { formatCount, formatDay, formatFigure } from './card-format.ts';
import type { CardBlock, ModelCard } from './model-card.ts';

export function writeCardMarkdown(card: ModelCard): string {
  const parts = [
    `# ${escapeText(card.title)}`,
    ...(card.subtitle ? [escapeText(card.subtitle)] : []),
    `*Model card · ${escapeText(card.identity)} · as of ${formatDay(card.asOf)}*`,
    ...card.blocks.map(writeBlock),
  ];
  return `${parts.join('\n\n')}\n`;
}

function writeBlock(block: CardBlock): string {
  switch (block.kind) {
    case 'heading':
      return `## ${escapeText(block.text)}`;
    case 'subheading':
      return `### ${escapeText(block.text)}`;
    case 'paragraph':
      return escapeText(block.text);
    case 'list':
      return writeList(block.items);
    case 'notice':
      return [
        `> **${escapeText(block.title)}**`,
        ...block.items.map((item) => `> - ${escapeText(item)}`),
      ].join('\n');
    case 'facts':
      return writeTable({ heads: ['', ''], alignments: [], rows: block.rows });
    case 'table':
      return writeNoted(
        writeTable({
          heads: block.columns.map(({ header }) => header),
          alignments: block.columns.map(({ align }) => align ?? 'left'),
          rows: block.rows,
        }),
        block.note,
      );
    case 'code':
      return `\`\`\`\n${block.text}\n\`\`\``;
    case 'reliability':
      return writeNoted(
        writeTable({
          heads: ['Stated probability, mean', `Share that is ${block.positiveClass}`, 'Patches'],
          alignments: ['right', 'right', 'right'],
          rows: block.points.map(({ meanProbability, positiveShare, count }) => [
            formatFigure(meanProbability),
            formatFigure(positiveShare),
            formatCount(count),
          ]),
        }),
        block.caption,
      );
  }
}

function writeNoted(table: string, note: string | undefined): string {
  return note ? `${table}\n\n*${escapeText(note)}*` : table;
}

function writeList(items: readonly string[]): string {
  return items.map((item) => `- ${escapeText(item)}`).join('\n');
}

type Table = {
  heads: readonly string[];
  alignments: readonly ('left' | 'right')[];
  rows: readonly (readonly ReportCell[])[];
};

function writeTable({ heads, alignments, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heads.map(escapeText)),
    line(heads.map((_, at) => (alignments[at] === 'right' ? '---:' : '---'))),
    ...rows.map((row) => line(row.map(writeCell))),
  ].join('\n');
}

function writeCell(cell: ReportCell): string {
  if (typeof cell === 'string') return escapeText(cell);
  return cell.bold && cell.text ? `**${escapeText(cell.text)}**` : escapeText(cell.text);
}

/** Users write names and reasons: they must not break a table or become a link, an image or HTML. */
function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/\s*\r?\n\s*/g, ' ')
    .replace(/[|*_`[\]<>]/g, (mark) => (mark === '<' ? '&lt;' : mark === '>' ? '&gt;' : `\\${mark}`))
    .replace(/^(#|>|[-+] |\d+\. )/, '\\$1');
}
