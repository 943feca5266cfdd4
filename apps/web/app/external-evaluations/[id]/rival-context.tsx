'use client';
/** Two models on the same exam with their neighbours: AUC in context. Asked for by itself, as it takes longer. */
import { useQuery } from '@apollo/client/react';
import { formatCount, formatPValue } from '../../../format/format-number.ts';
import { CompareExternalContextDocument } from '../../../graphql/generated/graphql.ts';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { listPairedColumns } from './paired-columns.tsx';

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
          columns={listPairedColumns<typeof auc>({ header: 'p', cell: ({ pValue }) => formatPValue(pValue) })}
        />
      )}
    </div>
  );
}
