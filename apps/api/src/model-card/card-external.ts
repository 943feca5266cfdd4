/** The sections of a model card on where patients come from: each site at home, and the exams on other patients. */

import { countNoun } from '@microtome/domain/count-noun';
import type { SiteEvaluation } from '@microtome/domain/evaluation/site-evaluation';
import { SUBGROUP_INTERVAL_PATIENTS_MIN } from '@microtome/domain/evaluation/subgroup';
import { nameExam } from '@microtome/domain/external-evaluation/exam';
import type { ExternalMetrics } from '@microtome/domain/external-evaluation/external-figures';
import {
  listMainMetrics,
  type PooledMetric,
  RECALIBRATION_METRICS,
  type RecalibrationMetric,
  titleMetric,
  titleShortly,
} from '@microtome/domain/metrics/metric';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { countUnits, hasUnits, nameIndependent, nameUnit } from '@microtome/domain/unit/unit-words';
import { formatCount, formatDay, formatFigure, formatWithInterval } from './card-format.ts';
import type { CardEvidence, CardExam } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

/** So many main figures of an exam stand in its table, before those of its calibration. */
const MAIN_METRICS = 8;

type Figures = {
  metrics: ExternalMetrics;
  intervals: Readonly<Record<string, Interval | undefined>>;
};

/** Nothing where the source tells no site. */
export function describeSites({ sites, evaluations, version }: CardEvidence): CardBlock[] {
  const subset = evaluations.at(-1)?.row.subset ?? '';
  if (sites.length === 0) return [];
  const { unit } = version.run.experiment.dataset;
  return [{ kind: 'subheading', text: `Site by site (${subset})` }, tabulateSites(sites, unit)];
}

export function describeExams(evidence: CardEvidence): CardBlock[] {
  const { exams, version } = evidence;
  const many = nameIndependent(version.run.experiment.dataset.unit);
  const heading: CardBlock = { kind: 'heading', text: `On other ${many}` };
  if (exams.length === 0) {
    const text = `It was not put to the test on ${many} of another dataset or site: how it does there is unknown.`;
    return [heading, { kind: 'paragraph', text }];
  }
  return [
    heading,
    {
      kind: 'paragraph',
      text:
        `Exams on ${many} on which the model was not trained or tuned. Network, temperature and threshold ` +
        `(${version.run.threshold ?? '–'}, chosen on VALIDATION at home) stayed as they are.`,
    },
    ...exams.flatMap((exam) => describeExam(evidence, exam)),
  ];
}

function describeExam({ home }: CardEvidence, { row, sites }: CardExam): CardBlock[] {
  const { dataset, task, metrics, intervals, requestedBy, finishedAt, patchesTotal } = row;
  const { unit } = dataset;
  const name = nameExam({ datasetName: dataset.name, sites: row.sites });
  const act = `put to the test ${formatDay(finishedAt ?? row.createdAt)} by ${requestedBy}`;
  const heading: CardBlock = { kind: 'subheading', text: name.replaceAll("'", '') };
  if (!metrics || !task) {
    const text = `${countNoun(patchesTotal, 'patch')} without labels, ${act}: there are predictions alone.`;
    return [heading, { kind: 'paragraph', text }];
  }
  const shown = { metrics, intervals: intervals ?? {} };
  const names = [...listMainMetrics(MAIN_METRICS), ...RECALIBRATION_METRICS];
  return [
    heading,
    {
      kind: 'paragraph',
      text: `${countUnits(unit, metrics.patients)}, ${countNoun(metrics.patches, 'patch')}, task ${task.name}, ${act}. ${describeIntervals(unit, row.draws)}`,
    },
    {
      kind: 'table',
      columns: [
        { header: 'Metric', width: 'grow' },
        { header: 'Here', align: 'right' },
        { header: `At home, ${home.subset}`, align: 'right' },
      ],
      rows: names.map((metric) => [
        titleMetric(metric, { positiveClass: task.positiveName, unit }),
        showFigure(shown, metric),
        showFigure(home, metric),
      ]),
      note: 'Calibration: an intercept of 0 and a slope of 1 are right; below 0 probabilities are too high, below 1 too extreme.',
    },
    ...(sites.length > 1 ? [tabulateSites(sites, unit)] : []),
  ];
}

function tabulateSites(sites: readonly SiteEvaluation[], unit: SplittingUnit): CardBlock {
  return {
    kind: 'table',
    columns: [
      { header: 'Site', width: 'grow' },
      { header: nameUnit(unit).heading, align: 'right' },
      { header: 'Patches', align: 'right' },
      { header: titleShortly('auc'), align: 'right' },
      { header: titleMetric('balancedAccuracy'), align: 'right' },
      { header: titleShortly('ece'), align: 'right' },
    ],
    rows: sites.map(({ site, metrics, intervals }) => [
      site,
      formatCount(metrics.patients),
      formatCount(metrics.patches),
      formatWithInterval(metrics.auc, intervals.auc),
      formatWithInterval(metrics.balancedAccuracy, intervals.balancedAccuracy),
      formatFigure(metrics.ece),
    ]),
    note: `At the one threshold. Below ${SUBGROUP_INTERVAL_PATIENTS_MIN} ${nameUnit(unit).many} no interval is given.`,
  };
}

function showFigure({ metrics, intervals }: Figures, name: PooledMetric | RecalibrationMetric): string {
  return formatWithInterval(metrics[name], intervals[name]);
}

function describeIntervals(unit: SplittingUnit, draws: number | null): string {
  if (!hasUnits(unit)) return 'Nothing binds its patches together, so there are no intervals.';
  return `In brackets 95 % intervals ${nameUnit(unit).by} (${formatCount(draws ?? 0)} draws).`;
}
