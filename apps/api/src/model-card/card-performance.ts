/** The sections of a model card on how well the model does: metrics, calibration, subgroups, patient by patient. */

import type { EvaluationMetrics } from '@microtome/domain/evaluation/evaluation';
import { SUBGROUP_INTERVAL_PATIENTS_MIN, type SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import {
  findMetric,
  POOLED_METRICS,
  type PooledMetric,
  titleMetric,
  titleShortly,
} from '@microtome/domain/metrics/metric';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';
import { countNoun, formatCount, formatFigure, formatShare, formatWithInterval } from './card-format.ts';
import type { CardEvaluation, CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const SEALED = 'sealed';
const METRICS = POOLED_METRICS.filter((name) => findMetric(name)?.group === 'DISCRIMINATION');
const CALIBRATION = POOLED_METRICS.filter((name) => findMetric(name)?.group === 'CALIBRATION');

export function describeMetrics(evidence: CardEvidence): CardBlock[] {
  const { version, evaluations } = evidence;
  const confusions = evaluations.map(({ row }): readonly [string, string] => {
    const { tp, fp, tn, fn } = readMetrics({ row }).confusion;
    return [row.subset, `TP ${tp}, FP ${fp}, TN ${tn}, FN ${fn}`];
  });
  return [
    { kind: 'heading', text: 'Metrics' },
    {
      kind: 'paragraph',
      text:
        `Positive class ${version.run.experiment.task.positiveName}. In brackets 95 % intervals by a bootstrap that ` +
        `draws whole patients (${formatCount(evaluations[0]?.row.draws ?? 0)} draws): patches of one patient are alike, so ` +
        'intervals over patches would be several times too narrow.',
    },
    tabulate(evidence, METRICS),
    { kind: 'facts', rows: confusions },
    ...(isSealed(evidence)
      ? [
          {
            kind: 'paragraph',
            tone: 'muted',
            text: 'TEST is sealed: it has not been opened for this run.',
          } as const,
        ]
      : []),
  ];
}

export function describeCalibration(evidence: CardEvidence): CardBlock[] {
  const { positiveName: positiveClass } = evidence.version.run.experiment.task;
  const { row, picture } = pickLast(evidence);
  return [
    { kind: 'heading', text: 'Calibration' },
    tabulate(evidence, CALIBRATION),
    {
      kind: 'reliability',
      caption: `Reliability on ${row.subset}: on the diagonal, a stated probability is exactly right.`,
      positiveClass,
      points: picture.reliability
        .filter(({ count }) => count > 0)
        .map(({ count, meanProbability, positiveShare }) => ({ count, meanProbability, positiveShare })),
    },
  ];
}

export function describeSubgroups(evidence: CardEvidence): CardBlock[] {
  const { row, picture } = pickLast(evidence);
  return [
    { kind: 'heading', text: 'Subgroups' },
    {
      kind: 'paragraph',
      text: `Patients of ${row.subset}, grouped by what the data record about each. Age, sex, scanner and site are not recorded.`,
    },
    ...evidence.subgroups.flatMap(describeDivision),
    { kind: 'subheading', text: `Patient by patient (${row.subset})` },
    {
      kind: 'table',
      columns: [
        { header: 'Patient', width: 'grow' },
        { header: 'Patches', align: 'right' },
        { header: 'Positive', align: 'right' },
        { header: 'Called', align: 'right' },
        { header: titleShortly('auc'), align: 'right' },
        { header: titleMetric('balancedAccuracy'), align: 'right' },
        { header: titleMetric('accuracy'), align: 'right' },
      ],
      rows: picture.patients
        .toSorted((a, b) => a.patientKey.localeCompare(b.patientKey, 'en', { numeric: true }))
        .map((patient) => [
          patient.patientKey,
          formatCount(patient.patches),
          formatShare(patient.trueArea),
          formatShare(patient.calledShare),
          formatFigure(patient.auc),
          formatFigure(patient.balancedAccuracy),
          formatFigure(patient.accuracy),
        ]),
      note: 'Called: the share of patches at or above the threshold. A dash where the patient has only one class.',
    },
  ];
}

function describeDivision({ title, groups }: SubgroupDivision): CardBlock[] {
  return [
    { kind: 'subheading', text: title },
    {
      kind: 'table',
      columns: [
        { header: 'Patients with', width: 'grow' },
        { header: 'Patients', align: 'right' },
        { header: 'Patches', align: 'right' },
        { header: titleShortly('auc'), align: 'right' },
        { header: titleMetric('sensitivity'), align: 'right' },
        { header: titleMetric('specificity'), align: 'right' },
      ],
      rows: groups.map(({ title: group, patients, patches, metrics, intervals }) => [
        group,
        formatCount(patients.length),
        formatCount(patches),
        formatWithInterval(metrics.auc, intervals.auc),
        formatWithInterval(metrics.sensitivity, intervals.sensitivity),
        formatWithInterval(metrics.specificity, intervals.specificity),
      ]),
      note: `Below ${countNoun(SUBGROUP_INTERVAL_PATIENTS_MIN, 'patient')} no interval is given.`,
    },
  ];
}

function tabulate(evidence: CardEvidence, metrics: readonly PooledMetric[]): CardBlock {
  const { positiveName: positiveClass } = evidence.version.run.experiment.task;
  const [validation, test] = ['VALIDATION', 'TEST'].map((subset) =>
    evidence.evaluations.find(({ row }) => row.subset === subset),
  );
  const show = (evaluation: CardEvaluation | undefined, name: PooledMetric) =>
    evaluation ? formatWithInterval(readMetrics(evaluation)[name], readIntervals(evaluation)[name]) : SEALED;
  return {
    kind: 'table',
    columns: [
      { header: 'Metric', width: 'grow' },
      { header: 'VALIDATION', align: 'right' },
      { header: 'TEST', align: 'right' },
    ],
    rows: metrics.map((name) => [titleMetric(name, positiveClass), show(validation, name), show(test, name)]),
  };
}

function pickLast({ evaluations }: CardEvidence): CardEvaluation {
  return evaluations.at(-1) as CardEvaluation;
}

function isSealed({ version }: CardEvidence): boolean {
  return version.run.testOpening === null;
}

function readMetrics({ row }: Pick<CardEvaluation, 'row'>): EvaluationMetrics {
  return row.metrics;
}

function readIntervals({ row }: CardEvaluation): Record<string, Interval | undefined> {
  return row.intervals;
}
