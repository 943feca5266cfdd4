'use client';
/** The curves of a run, one panel per metric, growing as epochs arrive. */
import { ChevronRight } from 'lucide-react';
import { memo, type ReactElement, useCallback, useMemo } from 'react';
import { Chart } from '../../../charts/chart.tsx';
import type { ChartPalette } from '../../../charts/chart-palette.ts';
import { buildCurveOption } from '../../../charts/curve-option.ts';
import { arrangeCurvePanels, type CurvePanel, formatCurveValue } from '../../../charts/curve-panels.ts';
import type { RunPageFragment } from '../../../graphql/generated/graphql.ts';
import { nameMetric, nameSubset } from '../../../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../../../metrics/metric-catalogue-provider.tsx';
import { Card } from '../../../ui/card.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { nameIndependent } from '../../../unit/unit-words.ts';
import { listCurves } from './run-stream-state.ts';
import type { RunStream } from './use-run-stream.ts';

export function RunCurves({ run, stream }: { run: RunPageFragment; stream: RunStream }) {
  const catalogue = useMetricCatalogue();
  const positiveClass = run.task?.positiveName ?? '';
  const units = run.dataset ? nameIndependent(run.dataset.unit) : 'patients';
  const { series, isLoading } = stream;
  const panels = useMemo(
    () => arrangeCurvePanels(listCurves(series), { catalogue, positiveClass, units }),
    [series, catalogue, positiveClass, units],
  );
  if (isLoading) return <CurvesLoading />;
  if (panels.length === 0) {
    return (
      <p className="mb-5 rounded-lg border border-dashed border-line-strong p-8 text-center text-sm text-muted-foreground">
        {run.status === 'QUEUED' || run.status === 'RUNNING'
          ? 'The first epoch will appear here when it finishes.'
          : 'This run has no epochs.'}
      </p>
    );
  }
  const monitored = readMonitored(run.hyperparameters);
  const ofMachine = panels.filter(({ kind }) => kind === 'machine');
  const further = panels.filter(({ key, kind }) => kind === 'further' && key !== monitored);
  const main = panels.filter((panel) => !ofMachine.includes(panel) && !further.includes(panel));
  const isExternal = run.origin === 'EXTERNAL';
  const epochs = isExternal ? findLast(panels) : (run.epochs ?? findLast(panels));
  const axis = isExternal ? { name: 'epoch or step', max: epochs } : undefined;
  const frame = { epochs, axis, bestEpoch: stream.bestEpoch ?? run.bestEpoch };
  return (
    <div className="mb-5 flex flex-col gap-4">
      <CurveGrid {...frame} panels={main} />
      <FoldedCurves title={`More metrics: calibration and means over ${units}`}>
        <CurveGrid {...frame} panels={further} />
      </FoldedCurves>
      <FoldedCurves title="Machine: speed, time and memory of each epoch">
        <CurveGrid epochs={epochs} axis={axis} panels={ofMachine} />
      </FoldedCurves>
    </div>
  );
}

/** As many boxes as the main curves of a run. */
function CurvesLoading() {
  return (
    <div
      role="status"
      aria-label="Loading the curves"
      className="mb-5 grid gap-4 md:grid-cols-2 xl:grid-cols-3"
    >
      {[1, 2, 3].map((key) => (
        <Skeleton key={key} className="h-56" />
      ))}
    </div>
  );
}

/** Where the axis ends of a run that tells no number of epochs. */
function findLast(panels: readonly CurvePanel[]): number {
  const last = panels.flatMap(({ curves }) => curves.map(({ points }) => points.at(-1)?.epoch ?? 0));
  return Math.max(1, ...last);
}

/** The panel of the metric by which this run's best epoch is chosen: never folded away. */
function readMonitored(hyperparameters: unknown): string | null {
  const monitor = (hyperparameters as { monitor?: unknown } | null)?.monitor;
  return typeof monitor === 'string' ? nameMetric(monitor) : null;
}

function FoldedCurves({ title, children }: { title: string; children: ReactElement<CurveGridProps> }) {
  if (children.props.panels.length === 0) return null;
  return (
    <details className="group">
      <summary className="flex list-none items-center gap-2 text-sm font-semibold">
        <ChevronRight
          className="size-4 text-muted-foreground transition-transform group-open:rotate-90"
          aria-hidden
        />
        {title}
      </summary>
      <div className="mt-3">{children}</div>
    </details>
  );
}

type CurveAxis = { name: string; max: number };
type CurveFrame = { epochs: number; axis?: CurveAxis; bestEpoch?: number | null };
type CurveGridProps = CurveFrame & { panels: readonly CurvePanel[] };

function CurveGrid({ panels, ...frame }: CurveGridProps) {
  return (
    <div className="grid gap-4 md:grid-cols-2 xl:grid-cols-3">
      {panels.map((panel) => (
        <CurveCard key={panel.key} panel={panel} {...frame} />
      ))}
    </div>
  );
}

type CurveCardProps = CurveFrame & { panel: CurvePanel };

/** Drawn again when its own panel changes: batches of progress move none of them. */
const CurveCard = memo(function CurveCard({ panel, epochs, axis, bestEpoch }: CurveCardProps) {
  const build = useCallback(
    (palette: ChartPalette) =>
      buildCurveOption({
        palette,
        epochs,
        bestEpoch,
        axis,
        format: panel.kind === 'machine' ? (value) => formatCurveValue(panel, value) : undefined,
        curves: panel.curves.map(({ name, points }) => ({
          name: nameSubset(name) ?? name,
          points,
          color: colorCurve(name, palette),
        })),
      }),
    [panel, epochs, axis, bestEpoch],
  );
  return (
    <Card title={panel.title} actions={<CurveLegend panel={panel} />}>
      <Chart isLive build={build} label={`${panel.title} over epochs`} className="h-44" />
    </Card>
  );
});

const SUBSET_TEXT: Record<string, string> = { train: 'text-train', validation: 'text-validation' };

function CurveLegend({ panel }: { panel: CurvePanel }) {
  return (
    <span className="flex gap-3 text-xs">
      {panel.curves.map(({ name, points }) => (
        <span key={name} className="inline-flex items-center gap-1">
          <span className={SUBSET_TEXT[nameSubset(name) ?? ''] ?? 'text-accent'} aria-hidden>
            ●
          </span>
          <span className="text-muted-foreground">{nameSubset(name) ?? 'last'}</span>
          <span className="font-semibold">{formatCurveValue(panel, points.at(-1)?.value)}</span>
        </span>
      ))}
    </span>
  );
}

function colorCurve(name: string, palette: ChartPalette): string {
  if (name.startsWith('train.')) return palette.subsets.TRAIN;
  if (name.startsWith('validation.')) return palette.subsets.VALIDATION;
  return palette.accent;
}
