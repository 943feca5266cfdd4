'use client';
/** One pair: differences on the same units, with intervals and p-values by them; then tests and units. */
import { scaleAroundZero } from '../../../charts/bar-scale.ts';
import { IntervalBar } from '../../../charts/interval-bar.tsx';
import { countNoun } from '../../../format/count-noun.ts';
import {
  formatCount,
  formatInterval,
  formatMetric,
  formatPValue,
  formatSigned,
} from '../../../format/format-number.ts';
import { isLessBetter, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { SubsetMark } from '../../../split/subset-mark.tsx';
import { Badge } from '../../../ui/badge.tsx';
import { Card } from '../../../ui/card.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { PlainTable } from '../../../ui/plain-table.tsx';
import {
  countUnits,
  describeDraws,
  hasUnits,
  nameIndependent,
  type UnitWords,
} from '../../../unit/unit-words.ts';
import type { Pair } from '../comparison-types.ts';
import { MetricTitle } from '../metric-title.tsx';
import { AgreementTable } from './agreement-table.tsx';
import { DifferingPatients } from './differing-patients.tsx';
import { PairTests } from './pair-tests.tsx';
import { groupPairedMetrics, measureReach } from './paired-metrics.ts';

type PairCardProps = { pair: Pair; positiveClass: string; unit: UnitWords; testedPairs: number };

export function PairCard({ pair, positiveClass, unit, testedPairs }: PairCardProps) {
  const title = (
    <span className="flex flex-wrap items-center gap-2">
      {pair.a.name} minus {pair.b.name} <SubsetMark subset={pair.subset} />
      {pair.restricted && <Badge tone="caution">shared {nameIndependent(unit)} only</Badge>}
    </span>
  );
  const { shown, folded, overPatients } = groupPairedMetrics(pair.metrics, useMetricCatalogue());
  const shared = { pair, positiveClass, unit, testedPairs };
  return (
    <Card flush title={title} note={describePairing(pair, unit)}>
      {pair.caution && (
        <Notice tone="caution" className="mx-4 my-3">
          {pair.caution}
        </Notice>
      )}
      <PairTable {...shared} rows={shown} />
      {folded.length > 0 && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-sm font-medium">
            {countNoun(folded.length, 'more metric')}
          </summary>
          <PairTable {...shared} rows={folded} />
        </details>
      )}
      {overPatients.length > 0 && hasUnits(unit) && (
        <details className="border-t border-line">
          <summary className="px-4 py-2.5 text-sm font-medium">
            Means over {unit.many}, each with the same weight
          </summary>
          <PairTable {...shared} rows={overPatients} />
        </details>
      )}
      {pair.tests && (
        <div className="grid border-t border-line xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
          <PairTests pair={pair} tests={pair.tests} unit={unit} />
          <AgreementTable pair={pair} agreement={pair.tests.agreement} />
        </div>
      )}
      <DifferingPatients pair={pair} unit={unit} />
    </Card>
  );
}

function describePairing(pair: Pair, unit: UnitWords): string {
  const { sharedPatients, patients, patientsB, patches, draws, restricted } = pair;
  if (!hasUnits(unit)) return `Paired over the same ${formatCount(patches)} patches.`;
  const on = restricted
    ? `Paired over the ${formatCount(sharedPatients)} ${unit.many} that both have (of ${formatCount(patients)} and ${formatCount(patientsB)})`
    : `Paired over the same ${countUnits(unit, sharedPatients)}`;
  return `${on}, ${formatCount(patches)} patches. ${describeDraws(unit, draws)}`;
}

type PairTableProps = PairCardProps & { rows: Pair['metrics'] };

function PairTable({ pair, rows, positiveClass, testedPairs }: PairTableProps) {
  const scale = scaleAroundZero(measureReach(rows));
  const p = (header: string, read: (row: Pair['metrics'][number]) => number | null | undefined) => ({
    header,
    align: 'right' as const,
    className: 'whitespace-nowrap',
    cell: (row: Pair['metrics'][number]) => formatPValue(read(row)),
  });
  return (
    <PlainTable
      caption={`Paired differences of ${pair.a.name} and ${pair.b.name}`}
      rows={rows}
      rowKey={(row) => row.name}
      columns={[
        { header: 'Metric', cell: (row) => <RowTitle name={row.name} positiveClass={positiveClass} /> },
        { header: pair.a.name, align: 'right', cell: (row) => formatMetric(row.a) },
        { header: pair.b.name, align: 'right', cell: (row) => formatMetric(row.b) },
        { header: 'Difference', align: 'right', cell: (row) => <b>{formatSigned(row.difference)}</b> },
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
        p('p', (row) => row.pValue),
        p('p (Holm)', (row) => row.adjustedP),
        ...(testedPairs > 1 ? [p(`p (${testedPairs} pairs)`, (row) => row.acrossPairsP)] : []),
        { header: 'Reading', cell: (row) => <Reading verdict={row.verdict} /> },
      ]}
    />
  );
}

/** A mean over units stands below a heading that says so, and has the title of its metric. */
function RowTitle({ name, positiveClass }: { name: string; positiveClass: string }) {
  const catalogue = useMetricCatalogue();
  const title = titleMetric(catalogue, catalogue.get(name)?.meanOf ?? name, positiveClass);
  return <MetricTitle title={title} lessIsBetter={isLessBetter(catalogue, name)} />;
}

function describeInterval({ low, high }: Pair['metrics'][number]): string {
  if (low === null || low === undefined || high === null || high === undefined) return '–';
  return formatInterval([low, high]);
}

function Reading({ verdict: { kind, text } }: Pick<Pair['metrics'][number], 'verdict'>) {
  return <Badge tone={kind === 'BETTER' ? 'accent' : 'neutral'}>{text}</Badge>;
}
