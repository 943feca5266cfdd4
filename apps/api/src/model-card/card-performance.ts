/** The sections of a model card on how well the model does: metrics, calibration, subgroups, patient by patient. */

import { countNoun } from '@microtome/domain/count-noun';
import type { EvaluationMetrics } from '@microtome/domain/evaluation/evaluation';
import { SUBGROUP_INTERVAL_PATIENTS_MIN, type SubgroupDivision } from '@microtome/domain/evaluation/subgroup';
import {
  findMetric,
  POOLED_METRICS,
  type PooledMetric,
  titleMetric,
  titleShortly,
} from '@microtome/domain/metrics/metric';
import { nameNegativeSide } from '@microtome/domain/task/task';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { describeDraws, hasUnits, nameUnit, warnOfIntervals } from '@microtome/domain/unit/unit-words';
import { listShownIntervals } from '../evaluation/shown-intervals.ts';
import { formatCount, formatFigure, formatShare, formatWithInterval } from './card-format.ts';
import type { CardEvaluation, CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const SEALED = 'sealed';
const METRICS = POOLED_METRICS.filter((name) => findMetric(name)?.group === 'DISCRIMINATION');
const CALIBRATION = POOLED_METRICS.filter((name) => findMetric(name)?.group === 'CALIBRATION');

export function describeMetrics(evidence: CardEvidence): CardBlock[] {
  const { version, evaluations } = evidence;
  const { dataset, task } = version.run.experiment;
  const confusions = evaluations.map(({ row }): readonly [string, string] => {
    const { tp, fp, tn, fn } = readMetrics({ row }).confusion;
    return [
      row.subset,
      `TP ${tp}, FN ${fn} of ${task.positiveName}; TN ${tn}, FP ${fp} of ${nameNegatives(version)}`,
    ];
  });
  return [
    { kind: 'heading', text: 'Metrics' },
    {
      kind: 'paragraph',
      text:
        `Task ${task.name}, positive class ${task.positiveName}. ` +
        describeIntervals(dataset.unit, evaluations[0]?.row.draws ?? 0),
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

function describeIntervals(unit: SplittingUnit, draws: number): string {
  const warning = warnOfIntervals(unit);
  if (!hasUnits(unit)) return `In brackets 95 % intervals. ${warning}`;
  const { one, many } = nameUnit(unit);
  const [count] = describeDraws(unit, draws).split(' of ');
  return (
    `In brackets 95 % intervals by a bootstrap that draws whole ${many} (${count}): patches of one ${one} are alike, so ` +
    `intervals over patches would be several times too narrow.${warning ? ` ${warning}` : ''}`
  );
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
  const {
    dataset: { unit },
    task: { positiveName },
  } = evidence.version.run.experiment;
  if (!hasUnits(unit)) return [];
  const { row, picture } = pickLast(evidence);
  const { one, heading, title } = nameUnit(unit);
  return [
    { kind: 'heading', text: 'Subgroups' },
    {
      kind: 'paragraph',
      text: `${heading} of ${row.subset}, grouped by what the data record about each. ${evidence.sites.length > 0 ? 'Age and sex' : 'Age, sex, scanner and site'} are not recorded.`,
    },
    ...evidence.subgroups.flatMap((division) => describeDivision(division, unit)),
    { kind: 'subheading', text: `${title} by ${one} (${row.subset})` },
    {
      kind: 'table',
      columns: [
        { header: title, width: 'grow' },
        { header: 'Patches', align: 'right' },
        { header: positiveName, align: 'right' },
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
      note: `Called: the share of patches at or above the threshold. A dash where the ${one} has only one class.`,
    },
  ];
}

function describeDivision({ title, groups }: SubgroupDivision, unit: SplittingUnit): CardBlock[] {
  const { one, heading } = nameUnit(unit);
  return [
    { kind: 'subheading', text: title },
    {
      kind: 'table',
      columns: [
        { header: `${heading} with`, width: 'grow' },
        { header: heading, align: 'right' },
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
      note: `Below ${countNoun(SUBGROUP_INTERVAL_PATIENTS_MIN, one)} no interval is given.`,
    },
  ];
}

function tabulate(evidence: CardEvidence, metrics: readonly PooledMetric[]): CardBlock {
  const { dataset, task } = evidence.version.run.experiment;
  const subject = { positiveClass: task.positiveName, unit: dataset.unit };
  const [validation, test] = ['VALIDATION', 'TEST'].map((subset) =>
    evidence.evaluations.find(({ row }) => row.subset === subset),
  );
  const show = (evaluation: CardEvaluation | undefined, name: PooledMetric) =>
    evaluation
      ? formatWithInterval(readMetrics(evaluation)[name], listShownIntervals(evaluation, subject.unit)[name])
      : SEALED;
  return {
    kind: 'table',
    columns: [
      { header: 'Metric', width: 'grow' },
      { header: 'VALIDATION', align: 'right' },
      { header: 'TEST', align: 'right' },
    ],
    rows: metrics.map((name) => [titleMetric(name, subject), show(validation, name), show(test, name)]),
  };
}

/** What the other side of the task is called. */
function nameNegatives({ run }: CardEvidence['version']): string {
  const { dataset, task } = run.experiment;
  const classNames = dataset.classes.map(({ name }) => name);
  return nameNegativeSide(task.sides, { classNames, positiveName: task.positiveName });
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
