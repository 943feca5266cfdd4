'use client';
/** Two models on the same exam with their neighbours: AUC in context. Asked for by itself, as it takes longer. */
import { useQuery } from '@apollo/client/react';
import {
  formatCount,
  formatInterval,
  formatMetric,
  formatPValue,
  formatSigned,
} from '../../../format/format-number.ts';
import { CompareExternalContextDocument } from '../../../graphql/generated/graphql.ts';
import { Badge } from '../../../ui/badge.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';

type RivalContextProps = { idA: string; idB: string; names: readonly [string, string] };

/** Nothing until it is known. */
export function RivalContext({ idA, idB, names: [a, b] }: RivalContextProps) {
  const query = useQuery(CompareExternalContextDocument, { variables: { idA, idB } });
  const context = query.data?.compareExternalEvaluations.context;
  if (!context) return null;
  const { contextAuc: auc, silence, caution } = context;
  return (
    <div className="border-t border-line">
      <h3 className="px-4 pt-3 text-sm font-medium">With neighbours</h3>
      <p className="px-4 pt-1 pb-2 text-xs text-muted-foreground">
        {silence ??
          `AUC in context, each model by the step that it froze at home, on the ${formatCount(context.patches)} patches that have a context in both. ${caution ?? ''}`}
      </p>
      {auc && (
        <PlainTable
          caption={`AUC in context of ${a} and ${b}`}
          rows={[auc]}
          rowKey={() => 'auc'}
          columns={[
            { header: 'This one', align: 'right', cell: (row) => formatMetric(row.a) },
            { header: 'The other', align: 'right', cell: (row) => formatMetric(row.b) },
            { header: 'Difference', align: 'right', cell: (row) => <b>{formatSigned(row.difference)}</b> },
            {
              header: '95% interval',
              align: 'right',
              className: 'whitespace-nowrap',
              cell: ({ low, high }) =>
                typeof low === 'number' && typeof high === 'number' ? formatInterval([low, high]) : '–',
            },
            { header: 'p', align: 'right', cell: ({ pValue }) => formatPValue(pValue) },
            {
              header: 'Reading',
              cell: ({ verdict: { kind, text } }) => (
                <Badge tone={kind === 'BETTER' ? 'accent' : 'neutral'}>{text}</Badge>
              ),
            },
          ]}
        />
      )}
    </div>
  );
}
