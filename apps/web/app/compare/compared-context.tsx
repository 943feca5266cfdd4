'use client';
/** The pairs with their neighbours: AUC in context, on the patches that have one in both runs. Asked for by itself, as it takes longer. */
import { useQuery } from '@apollo/client/react';
import { scaleAroundZero } from '../../charts/bar-scale.ts';
import { IntervalBar } from '../../charts/interval-bar.tsx';
import {
  formatCount,
  formatInterval,
  formatMetric,
  formatPValue,
  formatSigned,
} from '../../format/format-number.ts';
import { ComparedContextDocument, type ComparedContextQuery } from '../../graphql/generated/graphql.ts';
import { Badge } from '../../ui/badge.tsx';
import { Card } from '../../ui/card.tsx';
import { PlainTable } from '../../ui/plain-table.tsx';
import type { ComparisonRequest } from './comparison-request.ts';

type ContextPair = ComparedContextQuery['compareRuns']['contextPairs'][number];

export function ComparedContext({ request }: { request: ComparisonRequest }) {
  const query = useQuery(ComparedContextDocument, { variables: request });
  const pairs = (query.data ?? query.previousData)?.compareRuns.contextPairs;
  if (!pairs) return null;
  const told = pairs.filter(({ silence }) => !silence);
  if (told.length === 0) {
    const [first] = pairs;
    return first ? (
      <Card title="With neighbours">
        <p className="text-sm text-muted-foreground">{first.silence}</p>
      </Card>
    ) : null;
  }
  const caution = told.find((pair) => pair.caution)?.caution;
  return (
    <Card
      flush
      title="With neighbours"
      note={`AUC in context, each run by its own step, on patches that have a context in both.${caution ? ` ${caution}` : ''}`}
    >
      <ContextTable pairs={told} />
    </Card>
  );
}

function ContextTable({ pairs }: { pairs: ContextPair[] }) {
  const ends = pairs.flatMap(({ contextAuc }) => [
    Math.abs(contextAuc?.low ?? 0),
    Math.abs(contextAuc?.high ?? 0),
  ]);
  const scale = scaleAroundZero(Math.max(...ends, 0.001));
  return (
    <PlainTable
      caption="Pairs with neighbours"
      rows={pairs}
      rowKey={({ a, b }) => `${a.id} ${b.id}`}
      columns={[
        { header: 'Pair', cell: ({ a, b }) => `${a.name} minus ${b.name}` },
        { header: 'Patches', align: 'right', cell: ({ patches }) => formatCount(patches) },
        { header: 'First', align: 'right', cell: ({ contextAuc }) => formatMetric(contextAuc?.a) },
        { header: 'Second', align: 'right', cell: ({ contextAuc }) => formatMetric(contextAuc?.b) },
        {
          header: 'Difference',
          align: 'right',
          cell: ({ contextAuc }) => <b>{formatSigned(contextAuc?.difference)}</b>,
        },
        {
          header: '95 % interval',
          className: 'whitespace-nowrap',
          cell: ({ contextAuc }) => <Interval auc={contextAuc} scale={scale} />,
        },
        { header: 'p', align: 'right', cell: ({ contextAuc }) => formatPValue(contextAuc?.pValue) },
        {
          header: 'Reading',
          cell: ({ contextAuc }) =>
            contextAuc && (
              <Badge tone={contextAuc.verdict.kind === 'BETTER' ? 'accent' : 'neutral'}>
                {contextAuc.verdict.text}
              </Badge>
            ),
        },
      ]}
    />
  );
}

type IntervalProps = { auc: ContextPair['contextAuc']; scale: ReturnType<typeof scaleAroundZero> };

function Interval({ auc, scale }: IntervalProps) {
  const { low, high, difference } = auc ?? {};
  return (
    <span className="flex items-center gap-3">
      <IntervalBar value={difference} low={low} high={high} scale={scale} />
      <span className="text-muted-foreground">
        {typeof low === 'number' && typeof high === 'number' ? formatInterval([low, high]) : '–'}
      </span>
    </span>
  );
}
