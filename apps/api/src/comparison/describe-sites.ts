/** The PDF section on sites: each run on each of them, runs of one site below one another, since a mean over sites hides the one on which a run fails. */
import { SUBGROUP_INTERVAL_PATIENTS_MIN } from '@microtome/domain/evaluation/subgroup';
import { listMainMetrics, type MetricSubject } from '@microtome/domain/metrics/metric';
import { hasUnits, nameIndependent, nameUnit } from '@microtome/domain/unit/unit-words';
import { formatCount, formatFigure, formatInterval, formatMetricTitle } from '../report/format-figure.ts';
import type { ReportBlock, ReportCell, ReportColumn } from '../report/report-document.ts';
import type { ReportedEvaluation } from './gather-comparison-evidence.ts';

/** Each with its interval below it. */
const MAIN_METRICS = listMainMetrics(4);
const METRIC_WIDTH_PT = 66;

/** Nothing where the source tells no site. */
export function describeSites(
  evaluations: readonly ReportedEvaluation[],
  { subset, ...subject }: MetricSubject & { subset: string },
): ReportBlock[] {
  const rows = evaluations.flatMap(({ run, sites }) => sites.map((row) => ({ run: run.name, ...row })));
  if (rows.length === 0) return [];
  const right = (header: string, width?: number): ReportColumn => ({ header, align: 'right', width });
  const withUnits = hasUnits(subject.unit);
  return [
    { kind: 'subheading', text: `Site by site (${subset})` },
    {
      kind: 'table',
      columns: [
        { header: 'Site', width: 'grow' },
        { header: 'Run', width: 'grow' },
        ...(withUnits ? [right(nameUnit(subject.unit).heading)] : []),
        right('Patches'),
        ...MAIN_METRICS.map((name) => right(formatMetricTitle(name, subject), METRIC_WIDTH_PT)),
      ],
      // Sorting keeps the order of runs within a site.
      rows: rows
        .toSorted((a, b) => a.site.localeCompare(b.site, 'en', { numeric: true }))
        .map(({ site, run, metrics, intervals }): ReportCell[] => [
          { text: site, bold: true },
          run,
          ...(withUnits ? [formatCount(metrics.patients)] : []),
          formatCount(metrics.patches),
          ...MAIN_METRICS.map((name) => {
            const interval = intervals[name];
            return `${formatFigure(metrics[name])}${interval ? `\n${formatInterval(interval)}` : ''}`;
          }),
        ]),
      note: `Each run at its one threshold. Below ${SUBGROUP_INTERVAL_PATIENTS_MIN} ${nameIndependent(subject.unit)} no interval is given.`,
    },
  ];
}
