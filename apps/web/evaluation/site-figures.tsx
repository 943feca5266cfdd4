'use client';
/** How a run does on each site, at one threshold: a mean over sites hides the one on which it fails. */
import { useQuery } from '@apollo/client/react';
import { formatCount, formatInterval, formatMetric } from '../format/format-number.ts';
import {
  EvaluationSitesDocument,
  PooledSitesDocument,
  type SiteFiguresFragment,
} from '../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleMetric } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { Card } from '../ui/card.tsx';
import { type PlainColumn, PlainTable } from '../ui/plain-table.tsx';
import { hasUnits, nameIndependent, type UnitWords } from '../unit/unit-words.ts';
import { readMetric } from './list-metrics.ts';

/** Main figures, each with its interval. */
const MAIN_METRICS = 5;

type SiteFiguresProps = {
  sites: readonly SiteFiguresFragment[];
  positiveClass: string;
  /** A subset, or an exam by its name. */
  subset: string;
  unit: UnitWords;
  /** At which threshold, as a sentence, where it is not the same one for all. */
  threshold?: string;
};

/** Nothing where the source tells no site. */
export function SiteFigures({ sites, positiveClass, subset, unit, threshold }: SiteFiguresProps) {
  const columns = useSiteColumns({ positiveClass, unit });
  if (sites.length === 0) return null;
  return (
    <Card
      flush
      title="Sites"
      note={`${describeSites({ subset, unit })} ${threshold ?? 'All are at the same threshold.'}`}
    >
      <PlainTable
        caption={`Sites of ${subset}`}
        rows={sites}
        rowKey={({ site }) => site}
        columns={[{ header: 'Site', cell: ({ site }) => <b>{site}</b> }, ...columns]}
      />
    </Card>
  );
}

/** What a table of sites is about, and why some have no interval. */
export function describeSites({ subset, unit }: Pick<SiteFiguresProps, 'subset' | 'unit'>): string {
  return `Centres, scanners or tissue source sites of ${subset}. There is no interval where there are few ${nameIndependent(unit)}.`;
}

/** What a table of sites has of each: how much there is of it, and its main figures. */
export function useSiteColumns({
  positiveClass,
  unit,
}: Pick<SiteFiguresProps, 'positiveClass' | 'unit'>): PlainColumn<SiteFiguresFragment>[] {
  const catalogue = useMetricCatalogue();
  return [
    ...(hasUnits(unit)
      ? [
          {
            header: unit.heading,
            align: 'right' as const,
            cell: ({ patients }: SiteFiguresFragment) => formatCount(patients),
          },
        ]
      : []),
    { header: 'Patches', align: 'right', cell: ({ patches }) => formatCount(patches) },
    ...pickMain(listEvaluationMetrics(catalogue), MAIN_METRICS).map((name) => ({
      header: titleMetric(catalogue, name, positiveClass),
      align: 'right' as const,
      className: 'whitespace-nowrap',
      cell: (row: SiteFiguresFragment) => <SiteFigure row={row} name={name} />,
    })),
  ];
}

/** Those of one subset of a run, asked for by themselves: they take longer than the rest of its page. */
export function SiteFiguresOfRun({ runId, ...shown }: Omit<SiteFiguresProps, 'sites'> & { runId: string }) {
  // Not cached: evaluations have no id of their own, so this answer would overwrite the page's.
  const query = useQuery(EvaluationSitesDocument, { variables: { id: runId }, fetchPolicy: 'no-cache' });
  const found = query.data?.run?.evaluations.find(({ subset }) => subset === shown.subset);
  return <SiteFigures sites={found?.sites ?? []} {...shown} />;
}

/** Those of TEST of all folds of a cross-validation. */
export function PooledSiteFigures({
  sweepId,
  ...shown
}: Omit<SiteFiguresProps, 'sites' | 'subset'> & { sweepId: string }) {
  const query = useQuery(PooledSitesDocument, { variables: { id: sweepId } });
  const note = 'Each fold’s threshold is applied to its own predictions.';
  return (
    <SiteFigures sites={query.data?.sweep?.opening?.sites ?? []} subset="TEST" threshold={note} {...shown} />
  );
}

function SiteFigure({ row, name }: { row: SiteFiguresFragment; name: string }) {
  const { value, interval } = readMetric(row, name);
  return (
    <>
      {formatMetric(value)}
      {interval && <span className="block text-xs text-muted-foreground">{formatInterval(interval)}</span>}
    </>
  );
}
