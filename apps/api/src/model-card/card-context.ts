/** The section of a model card on what the neighbours of patches add: the same patches alone and in context. */
import { listMainMetrics, titleMetric } from '@microtome/domain/metrics/metric';
import { formatCount, formatFigure } from './card-format.ts';
import type { CardEvaluation, CardEvidence } from './gather-card-evidence.ts';
import type { CardBlock } from './model-card.ts';

const METRICS = listMainMetrics(5);

export function describeNeighbours(evidence: CardEvidence): CardBlock[] {
  const heading = { kind: 'heading', text: 'With neighbours' } as const;
  const { dataset, task } = evidence.version.run.experiment;
  const subject = { positiveClass: task.positiveName, unit: dataset.unit };
  const found = evidence.evaluations.flatMap(({ row, context }) => (context ? [{ row, context }] : []));
  const step = found[0]?.context.step;
  if (!step) {
    const text = 'Nothing to say: hardly any patch has a neighbour, or the source tells no places.';
    return [heading, { kind: 'paragraph', tone: 'muted', text }];
  }
  const { radius, weight, threshold } = step;
  const read =
    radius === 0
      ? 'Off: neighbours did not help on VALIDATION, so the probability in context is the patch’s own.'
      : `Each patch is read together with those up to ${radius} sides away on the same slide, which count with weight ${formatFigure(weight)}; threshold ${formatFigure(threshold)}.`;
  const left = found.map(({ row, context: { own, leftOut } }) => {
    return `${formatCount(own.patches)} patches of ${row.subset}${leftOut > 0 ? `, ${formatCount(leftOut)} left out` : ''}`;
  });
  return [
    heading,
    {
      kind: 'paragraph',
      text: `${read} Chosen on VALIDATION, whose own figures it flatters, and stored with the run. Patches with a context alone: ${left.join('; ')}.`,
    },
    {
      kind: 'table',
      columns: [
        { header: 'Metric', width: 'grow' },
        ...found.flatMap(({ row }) => [
          { header: `${row.subset}, patch alone`, align: 'right' } as const,
          { header: `${row.subset}, in context`, align: 'right' } as const,
        ]),
      ],
      rows: METRICS.map((name) => [
        titleMetric(name, subject),
        ...found.flatMap(({ context }) => showBoth(context, name)),
      ]),
    },
  ];
}

function showBoth(
  { own, inContext }: NonNullable<CardEvaluation['context']>,
  name: (typeof METRICS)[number],
): string[] {
  return [own[name], inContext[name]].map(formatFigure);
}
