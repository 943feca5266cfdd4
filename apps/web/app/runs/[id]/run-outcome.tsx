'use client';
/** What came out of a run, above everything else: its VALIDATION figures, and TEST, sealed or opened. */
import { FigureStrip } from '../../../components/figure-strip.tsx';
import { findMetric } from '../../../evaluation/list-metrics.ts';
import { formatInterval, formatMetric } from '../../../format/format-number.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { TestOpenedNote } from './test-opened-note.tsx';
import { TestSeal } from './test-seal.tsx';

const HEADLINES = [
  { name: 'auc', label: (positiveClass: string) => `AUC of ${positiveClass}` },
  { name: 'balancedAccuracy', label: () => 'balanced accuracy' },
] as const;

export function RunOutcome({ run }: { run: RunPageFragment }) {
  if (run.evaluations.length === 0) return null;
  const subsets = run.testSealed ? (['VALIDATION'] as const) : (['VALIDATION', 'TEST'] as const);
  const figures = subsets.flatMap((subset) =>
    HEADLINES.map(({ name, label }) => {
      const metric = findMetric(run.evaluations, { subset, name });
      return {
        label: `${subset} ${label(run.dataset.positiveClass)}`,
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
          <b className="text-test">TEST is open.</b>{' '}
          <TestOpenedNote opening={run.testOpening} split={run.split} />
        </p>
      )}
    </>
  );
}

function describeNote(interval: [number, number] | null, unsafe: boolean): string | null {
  const range = interval ? `95% ${formatInterval(interval)}` : null;
  if (!unsafe) return range;
  return [range, 'inflated: UNSAFE split'].filter(Boolean).join(' · ');
}
