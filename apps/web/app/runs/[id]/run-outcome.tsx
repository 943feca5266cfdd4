'use client';
/** The outcome of a run at the top of its page: its VALIDATION figures, and TEST, sealed or open. */
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { Moment } from '../../../components/moment.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { findMetric } from '../../../evaluation/list-metrics.ts';
import { countNoun } from '../../../format/count-noun.ts';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { listEvaluationMetrics, pickMain, titleMetric } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import type { OnSplit } from '../../../run/run-on-split.ts';
import { TestSeal } from './test-seal.tsx';

/** Main figures, of each subset. */
const HEADLINES = 2;

export function RunOutcome({ run }: { run: OnSplit<RunPageFragment> }) {
  const catalogue = useMetricCatalogue();
  if (run.evaluations.length === 0) return null;
  const subsets = run.testSealed ? (['VALIDATION'] as const) : (['VALIDATION', 'TEST'] as const);
  const figures = subsets.flatMap((subset) =>
    pickMain(listEvaluationMetrics(catalogue), HEADLINES).map((name) => {
      const metric = findMetric(run.evaluations, { subset, name });
      return {
        label: `${titleMetric(catalogue, name, run.task.positiveName)} on ${subset}`,
        value: formatMetric(metric?.value),
        note: describeNote(metric?.interval ?? null, run.unsafe),
      };
    }),
  );
  return (
    <>
      <FigureStrip figures={figures} unsafe={run.unsafe} />
      {run.testSealed && <TestSeal run={run} />}
      {run.testOpening && (
        <p className="-mt-2 mb-5 text-sm text-muted-foreground">
          <b>TEST is open.</b> <TestOpenedNote opening={run.testOpening} split={run.split} />
        </p>
      )}
    </>
  );
}

function describeNote(interval: [number, number] | null, unsafe: boolean): string | null {
  const range = interval ? `95\u00A0% ${formatInterval(interval)}` : null;
  if (!unsafe) return range;
  return [range, 'inflated: UNSAFE split'].filter(Boolean).join(' · ');
}

type TestOpenedNoteProps = {
  opening: NonNullable<RunPageFragment['testOpening']>;
  split: { id: string; testOpeningCount: number };
};

/** Who opened TEST for this run, when and why, and how often TEST of this split was opened in all. */
function TestOpenedNote({ opening, split }: TestOpenedNoteProps) {
  return (
    <>
      Opened by {opening.openedBy} <Moment at={opening.openedAt} />: “{opening.reason}” TEST of this split was
      opened <TextLink href={`/splits/${split.id}`}>{countNoun(split.testOpeningCount, 'time')}</TextLink> in
      all.
    </>
  );
}
