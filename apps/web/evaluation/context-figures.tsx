'use client';
/** What the neighbours of patches add: the same patches by their own probability and by that in context, and what that is worth. */
import { useQuery } from '@apollo/client/react';
import { scaleAroundZero } from '../charts/bar-scale.ts';
import { IntervalBar } from '../charts/interval-bar.tsx';
import { countNoun } from '../format/count-noun.ts';
import { formatCount, formatInterval, formatMetric, formatSigned } from '../format/format-number.ts';
import {
  type ContextFiguresFragment,
  EvaluationContextDocument,
  ExamContextDocument,
  PooledContextDocument,
  type PooledContextQuery,
} from '../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleMetric } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Badge } from '../ui/badge.tsx';
import { Card } from '../ui/card.tsx';
import { Notice } from '../ui/notice.tsx';
import { PlainTable } from '../ui/plain-table.tsx';
import { hasUnits, type UnitWords } from '../unit/unit-words.ts';

const MAIN_METRICS = 8;
const MEAN_AUC = 'macro.auc';

type Naming = { positiveClass: string; unit: UnitWords };
type Gain = ContextFiguresFragment['gains'][number];

/** Asked for by themselves: they take longer than the rest of a run's page. */
export function ContextFiguresOfRun({
  runId,
  subset,
  ...naming
}: Naming & { runId: string; subset: string }) {
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(EvaluationContextDocument, { variables: { id: runId }, fetchPolicy: 'no-cache' });
  const evaluation = query.data?.run?.evaluations.find((one) => one.subset === subset);
  if (!evaluation) return null;
  const { context, contextSilence } = evaluation;
  return (
    <ContextCard
      {...naming}
      context={context}
      silence={contextSilence}
      on={subset}
      note={describeStep(context, subset)}
    />
  );
}

/** In an exam, by the step that was frozen at home. */
export function ContextFiguresOfExam({ id, exam, ...naming }: Naming & { id: string; exam: string }) {
  const query = useQuery(ExamContextDocument, { variables: { id } });
  const found = query.data?.externalEvaluation;
  if (!found) return null;
  return (
    <ContextCard
      {...naming}
      context={found.context}
      silence={found.contextSilence}
      on={exam}
      note={describeStep(found.context, exam)}
    />
  );
}

type Pooled = NonNullable<NonNullable<NonNullable<PooledContextQuery['sweep']>['opening']>['context']>;

/** Over all folds of an opened cross-validation. */
export function PooledContextFigures({ sweepId, ...naming }: Naming & { sweepId: string }) {
  const query = useQuery(PooledContextDocument, { variables: { id: sweepId } });
  const opening = query.data?.sweep?.opening;
  if (!opening) return null;
  const { context, contextSilence } = opening;
  const note = context ? describePooled(context) : '';
  return (
    <ContextCard {...naming} context={context} silence={contextSilence} on="TEST of all folds" note={note} />
  );
}

type ContextCardProps = Naming & {
  context?: Pick<ContextFiguresFragment, 'gains' | 'caution'> | null;
  /** How it was read. */
  note: string;
  silence?: string | null;
  /** The subset or the exam. */
  on: string;
};

function ContextCard({ context, silence, on, note, positiveClass, unit }: ContextCardProps) {
  const catalogue = useMetricCatalogue();
  if (!context) {
    return (
      <Card title="With neighbours">
        <p className="text-sm text-muted-foreground">{silence}</p>
      </Card>
    );
  }
  const main = pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS);
  const names = [...main, ...(hasUnits(unit) ? [MEAN_AUC] : [])];
  const rows = names.flatMap((name) => context.gains.filter(({ metric }) => metric === name));
  const title = ({ metric }: Gain) => titleMetric(catalogue, metric, positiveClass, unit.many);
  return (
    <Card flush title="With neighbours" note={note}>
      {context.caution && (
        <Notice tone="caution" className="mx-4 my-3">
          {context.caution}
        </Notice>
      )}
      <GainTable rows={rows} title={title} caption={`With neighbours on ${on}`} />
    </Card>
  );
}

type GainTableProps = { rows: Gain[]; title: (row: Gain) => string; caption: string };

function GainTable({ rows, title, caption }: GainTableProps) {
  const ends = rows.flatMap(({ low, high }) => [Math.abs(low ?? 0), Math.abs(high ?? 0)]);
  const scale = scaleAroundZero(Math.max(...ends, 0.001));
  return (
    <PlainTable
      caption={caption}
      rows={rows}
      rowKey={({ metric }) => metric}
      columns={[
        { header: 'Metric', cell: title },
        { header: 'Patch alone', align: 'right', cell: ({ own }) => formatMetric(own) },
        { header: 'In context', align: 'right', cell: ({ inContext }) => <b>{formatMetric(inContext)}</b> },
        { header: 'Difference', align: 'right', cell: ({ difference }) => formatSigned(difference) },
        {
          header: '95 % interval',
          className: 'whitespace-nowrap',
          cell: (row) => (
            <span className="flex items-center gap-3">
              <IntervalBar value={row.difference} low={row.low} high={row.high} scale={scale} />
              <span className="text-muted-foreground">{describeInterval(row)}</span>
            </span>
          ),
        },
        {
          header: 'Reading',
          cell: ({ kind, verdict }) => (
            <Badge tone={kind === 'BETTER' ? 'accent' : 'neutral'}>{verdict}</Badge>
          ),
        },
      ]}
    />
  );
}

function describeInterval({ low, high }: Gain): string {
  return typeof low === 'number' && typeof high === 'number' ? formatInterval([low, high]) : '–';
}

function describePooled({ radii, foldsLeftOut, patches }: Pooled): string {
  if (radii.every((radius) => radius === 0))
    return `${formatCount(patches)} patches. On the VALIDATION of no fold did neighbours help: both are the same.`;
  const steps = radii.map((radius) => (radius === 0 ? 'off' : String(radius))).join(', ');
  const left = foldsLeftOut > 0 ? ` Folds without anything to say, left out: ${foldsLeftOut}.` : '';
  return `${formatCount(patches)} patches, each read by the step that its fold’s VALIDATION chose (sides away: ${steps}).${left}`;
}

function describeStep(context: ContextFiguresFragment | null | undefined, on: string): string {
  if (!context) return '';
  const { radius, weight, threshold, patches, leftOut } = context;
  const counted = `${formatCount(patches)} patches of ${on}${leftOut > 0 ? `, ${formatCount(leftOut)} without neighbours left out` : ''}.`;
  if (radius === 0) return `Off: neighbours did not help on VALIDATION. ${counted}`;
  const read = `Patches up to ${countNoun(radius, 'side')} away on the same slide count, with weight ${formatMetric(weight)}`;
  const flattered = on === 'VALIDATION' ? ' It was chosen on these patches, which flatters it.' : '';
  return `${read}; chosen on VALIDATION, threshold ${formatMetric(threshold)}. ${counted}${flattered}`;
}
