'use client';
/** Two models on the same exam, paired patch by patch: differences by the unit of the dataset. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { formatCount, formatPValue } from '../../../format/format-number.ts';
import {
  CompareExternalEvaluationsDocument,
  type CompareExternalEvaluationsQuery,
  type ExternalEvaluationPageFragment,
  type RivalRowFragment,
} from '../../../graphql/generated/graphql.ts';
import { titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../ui/card.tsx';
import { Select } from '../../../ui/field.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { countUnits, describeDraws } from '../../../unit/unit-words.ts';
import { listPairedColumns } from './paired-columns.tsx';
import { RivalContext } from './rival-context.tsx';

type Comparison = CompareExternalEvaluationsQuery['compareExternalEvaluations'];

type RivalCardProps = {
  evaluation: ExternalEvaluationPageFragment;
  rivals: readonly RivalRowFragment[];
  positiveClass: string;
};

export function RivalCard({ evaluation, rivals, positiveClass }: RivalCardProps) {
  const [chosen, setChosen] = useState<string | null>(null);
  const rival = rivals.find(({ id }) => id === chosen) ?? rivals[0];
  if (!rival) return null;
  return (
    <Card
      flush
      title="Against another model"
      note="Both on the same patches of this exam, each at its own threshold."
      actions={
        <Select
          aria-label="Other model"
          className="w-64 max-w-full"
          value={rival.id}
          onChange={({ target }) => setChosen(target.value)}
        >
          {rivals.map(({ id, run }) => (
            <option key={id} value={id}>
              {run.name} ({run.architecture})
            </option>
          ))}
        </Select>
      }
    >
      <RivalComparison evaluation={evaluation} rival={rival} positiveClass={positiveClass} />
    </Card>
  );
}

type RivalComparisonProps = Omit<RivalCardProps, 'rivals'> & { rival: RivalRowFragment };

function RivalComparison({ evaluation, rival, positiveClass }: RivalComparisonProps) {
  const query = useQuery(CompareExternalEvaluationsDocument, {
    variables: { idA: evaluation.id, idB: rival.id },
  });
  const { unit } = evaluation.dataset;
  return (
    <QueryFrame
      {...query}
      data={query.data?.compareExternalEvaluations}
      skeleton={<Skeleton className="m-4 h-40" />}
    >
      {(comparison) => (
        <>
          {comparison.caution && (
            <Notice tone="caution" className="mx-4 my-3">
              {comparison.caution}
            </Notice>
          )}
          <PairedTable
            comparison={comparison}
            names={[evaluation.run.name, rival.run.name]}
            positiveClass={positiveClass}
          />
          <p className="border-t border-line px-4 py-2.5 text-xs text-muted-foreground">
            Paired over {countUnits(unit, comparison.sharedPatients)}, {formatCount(comparison.patches)}{' '}
            patches. {describeDraws(unit, comparison.draws)}
          </p>
          <RivalContext idA={evaluation.id} idB={rival.id} names={[evaluation.run.name, rival.run.name]} />
        </>
      )}
    </QueryFrame>
  );
}

type PairedTableProps = {
  comparison: Comparison;
  names: readonly [string, string];
  positiveClass: string;
};

function PairedTable({ comparison: { metrics }, names: [a, b], positiveClass }: PairedTableProps) {
  const catalogue = useMetricCatalogue();
  return (
    <PlainTable
      caption={`Paired differences of ${a} and ${b}`}
      rows={metrics.filter(({ name }) => !catalogue.get(name)?.meanOf)}
      rowKey={({ name }) => name}
      columns={[
        { header: 'Metric', cell: ({ name }) => titleMetric(catalogue, name, positiveClass) },
        ...listPairedColumns<Comparison['metrics'][number]>({
          header: 'p (Holm)',
          cell: ({ adjustedP }) => formatPValue(adjustedP),
        }),
      ]}
    />
  );
}
