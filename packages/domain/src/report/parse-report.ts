/**
 * A report's text in its parts: Markdown, and blocks that stand for panels. A panel is a fenced block whose fence is followed by
 * the panel's word, with a line `key: value` for each thing that is said of it:
 *
 *   ```table
 *   runs: architecture = deep and status = SUCCEEDED
 *   columns: learningRate, validation.auc
 *   ```
 *
 * Other blocks of code stay what they are. What is wrong with a panel is told with its line and column in the whole text, and
 * keeps nobody from saving it.
 */
import { AppError } from '../app-error.ts';
import { type PanelIssue, readPanel } from './read-panel.ts';
import { PANEL_WORDS, REPORT_PANEL_KINDS, type ReportPanel, type ReportPanelKind } from './report-panel.ts';

export const REPORT_PANELS_MAX = 40;

export type ReportBlock =
  /** `line` is its first, from 1. */
  | { kind: 'TEXT'; line: number; text: string }
  | { kind: 'PANEL'; line: number; panel: ReportPanel }
  | { kind: 'ISSUE'; line: number; panelKind: ReportPanelKind; issue: PanelIssue };

type Fence = { mark: string; length: number; word: string };
type OpenPanel = { fence: Fence; kind: ReportPanelKind; line: number; lines: string[] };

const FENCE = /^ {0,3}(`{3,}|~{3,})[ \t]*([^`\s]*)/;
const KINDS = new Map<string, ReportPanelKind>(REPORT_PANEL_KINDS.map((kind) => [PANEL_WORDS[kind], kind]));

/** Empty pieces of text are left out. @throws AppError BAD_INPUT for more panels than a page can show */
export function parseReport(body: string): ReportBlock[] {
  const blocks: ReportBlock[] = [];
  let text: { line: number; lines: string[] } = { line: 1, lines: [] };
  let code: Fence | null = null;
  let panel: OpenPanel | null = null;
  const endText = (next: number) => {
    if (text.lines.some((line) => line.trim() !== '')) {
      blocks.push({ kind: 'TEXT', line: text.line, text: text.lines.join('\n') });
    }
    text = { line: next, lines: [] };
  };
  for (const [at, line] of body.split(/\r?\n/).entries()) {
    const number = at + 1;
    if (panel) {
      if (closes(line, panel.fence)) {
        blocks.push(readBlock(panel));
        panel = null;
        text = { line: number + 1, lines: [] };
      } else panel.lines.push(line);
      continue;
    }
    const fence = readFence(line);
    const kind = fence && !code ? KINDS.get(fence.word.toLowerCase()) : undefined;
    if (fence && kind) {
      endText(number + 1);
      panel = { fence, kind, line: number, lines: [] };
      continue;
    }
    if (code ? closes(line, code) : fence) code = code ? null : fence;
    text.lines.push(line);
  }
  // A block without an end goes to the end of the text, as in Markdown.
  if (panel) blocks.push(readBlock(panel));
  endText(0);
  const panels = blocks.filter(({ kind }) => kind !== 'TEXT').length;
  if (panels > REPORT_PANELS_MAX) {
    throw new AppError('BAD_INPUT', `The report has ${panels} panels: at most ${REPORT_PANELS_MAX} fit.`);
  }
  return blocks;
}

function readBlock({ kind, line, lines }: OpenPanel): ReportBlock {
  const read = readPanel(kind, { lines, firstLine: line + 1 });
  return 'issue' in read
    ? { kind: 'ISSUE', line, panelKind: kind, issue: read.issue }
    : { kind: 'PANEL', line, panel: read.panel };
}

function readFence(line: string): Fence | null {
  const [, marks, word = ''] = FENCE.exec(line) ?? [];
  if (!marks) return null;
  return { mark: marks.charAt(0), length: marks.length, word };
}

/** By as many of the same marks, with nothing behind them. */
function closes(line: string, { mark, length }: Fence): boolean {
  const found = readFence(line);
  return found !== null && found.mark === mark && found.length >= length && /[`~][ \t]*$/.test(line);
}
