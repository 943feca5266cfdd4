'use client';
/** The parts of a report in their order: text, and panels. The same for reading and for the preview of what is written. */
import type { ReportPartsFragment } from '../../../graphql/generated/graphql.ts';
import { MarkdownView } from '../../../markdown/markdown-view.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { ChartPanel } from './panels/chart-panel.tsx';
import { ComparisonPanel } from './panels/comparison-panel.tsx';
import { describeIssue, PANEL_NAMES } from './panels/name-panel.ts';
import { TablePanel } from './panels/table-panel.tsx';

export function ReportBlocks({
  blocks,
  isLive,
}: {
  blocks: readonly ReportPartsFragment[];
  isLive: boolean;
}) {
  return (
    <article aria-label="Report" className="flex max-w-5xl min-w-0 flex-col gap-5">
      {blocks.map((block) => (
        <Block key={block.line} block={block} isLive={isLive} />
      ))}
    </article>
  );
}

function Block({ block, isLive }: { block: ReportPartsFragment; isLive: boolean }) {
  const { text, panelKind, title, issue, problem, chart, table, comparison } = block;
  if (text != null) return <MarkdownView text={text} className="max-w-3xl" />;
  const name = title ?? (panelKind ? PANEL_NAMES[panelKind] : 'Panel');
  if (issue) return <Notice tone="caution" title={`${name}: ${describeIssue(issue)}`} />;
  if (chart) return <ChartPanel title={title ?? null} chart={chart} isLive={isLive} />;
  if (table) return <TablePanel title={name} table={table} />;
  if (comparison) return <ComparisonPanel title={name} comparison={comparison} />;
  return (
    <Card title={name}>
      <p className="text-sm text-muted-foreground">{problem ?? 'It was frozen without this panel.'}</p>
    </Card>
  );
}
