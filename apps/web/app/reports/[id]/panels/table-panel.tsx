'use client';
/** Runs in a report, one row a run. */
import { TextLink } from '../../../../components/text-link.tsx';
import { Card } from '../../../../ui/card.tsx';
import { PlainTable } from '../../../../ui/plain-table.tsx';
import { describePart } from './name-panel.ts';
import { hasNumbers, type ReportTable, showCell } from './show-cell.ts';

export function TablePanel({ title, table }: { title: string; table: ReportTable }) {
  const { columns, rows, runCount } = table;
  return (
    <Card flush title={title} note={describePart(rows.length, runCount)}>
      {rows.length === 0 ? (
        <p className="px-4 py-3 text-sm text-muted-foreground">No run matches.</p>
      ) : (
        <PlainTable
          caption={title}
          rows={rows}
          rowKey={(row) => row.runId}
          columns={[
            {
              header: 'Run',
              className: 'min-w-56',
              cell: (row) => <TextLink href={`/runs/${row.runId}`}>{row.run}</TextLink>,
            },
            ...columns.map((column, at) => ({
              header: column.text,
              align: hasNumbers(table, at) ? ('right' as const) : undefined,
              cell: (row: (typeof rows)[number]) => showCell(column, row.cells[at]),
            })),
          ]}
        />
      )}
    </Card>
  );
}
