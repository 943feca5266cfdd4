/** The section of a model card on what the neighbours of patches add: the same patches alone and in context. */
import { type ContextEvaluation, NOTHING_TO_SAY } from '@microtome/domain/context/context-evaluation';
import { listMainMetrics, titleMetric } from '@microtome/domain/metrics/metric';
import { formatCount, formatFigure, formatWithInterval } from './card-format.ts';
import type { CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const METRICS = listMainMetrics(5);

export function describeNeighbours(evidence: CardEvidence): CardBlock[] {
  const heading = { kind: 'heading', text: 'With neighbours' } as const;
  const { dataset, task } = evidence.version.run.experiment;
  const subject = { positiveClass: task.positiveName, unit: dataset.unit };
  const found = evidence.evaluations.flatMap(({ row, context }) => (context ? [{ row, context }] : []));
  const step = found[0]?.context.step;
  if (!step) {
    return [heading, { kind: 'paragraph', tone: 'muted', text: NOTHING_TO_SAY }];
  }
  const { radius, weight, threshold } = step;
  const read =
    radius === 0
      ? 'Off: neighbours did not help on VALIDATION, so the probability in context is the patch’s own.'
      : `Each patch is read together with those up to ${radius} ${radius === 1 ? 'side' : 'sides'} away on the same slide, which count with weight ${formatFigure(weight)}; threshold ${formatFigure(threshold)}.`;
  const left = found.map(({ row, context: { own, leftOut } }) => {
    return `${formatCount(own.metrics.patches)} patches of ${row.subset}${leftOut > 0 ? `, ${formatCount(leftOut)} left out` : ''}`;
  });
  return [
    heading,
    {
      kind: 'paragraph',
      text: `${read} Chosen on VALIDATION, whose own figures it flatters, and stored with the run. Patches with a context alone: ${left.join('; ')}.`,
    },
    {
      kind: 'paragraph',
      text: `${found.flatMap(({ row, context }) => describeGain(row.subset, context)).join(' ')}`,
    },
    {
      kind: 'table',
      columns: [
        { header: 'Metric', width: 'grow' },
        ...found.flatMap(({ row }) => [
          { header: `${row.subset}, patch alone`, align: 'right' } as const,
          { header: `${row.subset}, in context`, align: 'right' } as const,
          { header: 'Difference', align: 'right' } as const,
        ]),
      ],
      rows: METRICS.map((name) => [
        titleMetric(name, subject),
        ...found.flatMap(({ context }) => showBoth(context, name)),
      ]),
    },
  ];
}

/** Each by its own, in context, and the paired difference. */
function showBoth({ own, inContext, gains }: ContextEvaluation, name: (typeof METRICS)[number]): string[] {
  const gain = gains.find(({ metric }) => metric === name);
  return [
    formatWithInterval(own.metrics[name], own.intervals[name]),
    formatWithInterval(inContext.metrics[name], inContext.intervals[name]),
    formatWithInterval(gain?.difference, gain?.interval ?? undefined),
  ];
}

function describeGain(subset: string, { gains, caution }: ContextEvaluation): string[] {
  const auc = gains.find(({ metric }) => metric === 'auc');
  if (!auc) return [`AUC on ${subset} in context is undefined.`];
  const said =
    auc.verdict.kind === 'UNDEFINED'
      ? `What it adds to AUC on ${subset} has no interval.`
      : `AUC on ${subset}: ${auc.verdict.text}.`;
  return [said, ...(caution ? [caution] : [])];
}
