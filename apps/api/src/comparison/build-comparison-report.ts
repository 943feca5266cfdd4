/** The content of a comparison's PDF, section by section, from the evidence. */
import { createHash } from 'node:crypto';
import { describeComparison } from '@microtome/domain/comparison/describe-comparison';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { hasUnits, nameUnit, warnOfIntervals } from '@microtome/domain/unit/unit-words';
import type { ReportBlock, ReportDocument } from '../report/report-document.ts';
import { describeContextPairs } from './describe-context-pairs.ts';
import { describeEvaluations } from './describe-evaluations.ts';
import { describePairs } from './describe-pair.ts';
import { describeDifferences, describeFiles, describeOrigin, describeRuns } from './describe-runs.ts';
import type { ComparisonEvidence } from './gather-comparison-evidence.ts';

const METHODS = [
  'p-values are two-sided. Holm’s adjustment is over all metrics of a pair and, where several pairs are tested, over those pairs for each metric.',
  'Thresholds were chosen on VALIDATION and frozen. Nothing was trained again: all figures follow from the stored probability of each patch.',
];

export function buildComparisonReport(evidence: ComparisonEvidence): ReportDocument {
  const { comparison, dataset } = evidence;
  const { runs, warnings } = comparison;
  return {
    title: titleReport(runs.map(({ name }) => name)),
    subtitle: `Comparison of ${runs.length} runs on ${dataset.name}, task ${runs[0]?.experiment.task.name ?? '–'}`,
    kindOfDocument: 'comparison of runs',
    identity: `comparison ${nameContent(evidence)}`,
    asOf: findNewest(evidence),
    blocks: [
      { kind: 'paragraph', text: describeComparison(evidence.pairs) },
      ...(warnings.length > 0 ? [{ kind: 'notice', title: 'Keep in mind', items: warnings } as const] : []),
      ...describeOrigin(evidence),
      ...describeRuns(evidence),
      ...describeDifferences(evidence),
      ...describePairs(evidence),
      ...describeContextPairs(evidence),
      ...describeEvaluations(evidence),
      ...describeMethods(dataset.unit),
      ...describeFiles(evidence),
    ],
  };
}

function titleReport(names: readonly string[]): string {
  return names.length === 2 ? `${names[0]} against ${names[1]}` : `${names.length} runs compared`;
}

function describeMethods(unit: SplittingUnit): ReportBlock[] {
  return [
    { kind: 'heading', text: 'How this was computed' },
    { kind: 'list', items: [...describeIntervals(unit), ...METHODS] },
  ];
}

/** By the unit of the dataset; without one, patches are taken for independent, which is said. */
function describeIntervals(unit: SplittingUnit): string[] {
  const warning = warnOfIntervals(unit);
  if (!hasUnits(unit)) {
    return [
      `${warning} Proportions have Wilson’s interval, AUC DeLong’s; differences have none but that of two AUCs.`,
    ];
  }
  const { one, many, by } = nameUnit(unit);
  return [
    `Intervals are 95 % percentile intervals of a bootstrap that draws whole ${many}, paired between runs: patches of one ${one} are alike, so intervals over patches are several times too narrow.`,
    `The difference of two AUCs is also tested by DeLong’s method, clustered ${by} after Obuchowski (1997); per-${one} accuracy by flipping signs ${one} by ${one}; calls by Durkalski’s McNemar test (2003).`,
    ...(warning ? [warning] : []),
  ];
}

/** Over the runs and their prediction files: two reports with the same digest compare the same numbers. */
function nameContent({ comparison, request }: ComparisonEvidence): string {
  const files = comparison.runs.map(({ id, threshold, artifacts }) => [
    ...[id, threshold],
    ...artifacts
      .filter(({ role }) => role.startsWith('PREDICTIONS'))
      .map(({ role, artifactHash }) => [role, artifactHash]),
  ]);
  const { referenceId, sharedPatientsOnly } = request;
  const text = JSON.stringify([files, referenceId, sharedPatientsOnly]);
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** The time of its newest fact, so that the same content gives the same file. */
function findNewest({ comparison }: ComparisonEvidence): Date {
  const moments = comparison.runs.flatMap((run) => [
    run.createdAt,
    ...[run.finishedAt, run.testOpening?.openedAt].filter((moment) => moment instanceof Date),
  ]);
  return new Date(Math.max(...moments.map((moment) => moment.getTime())));
}
