'use client';
/** One chart of curves with its legend and its tools: the same on every page. */
import { type ReactNode, useCallback, useMemo, useState } from 'react';
import { Card } from '../../ui/card.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { nameFile, saveFile } from '../../ui/save-file.ts';
import type { ChartPalette } from '../chart-palette.ts';
import { useChartPalette } from '../use-chart-palette.ts';
import { CurveLegend, LineKey } from './curve-legend.tsx';
import { buildCurveOption, type CurveAxis } from './curve-option.ts';
import { CurvePlot } from './curve-plot.tsx';
import { writeCurveTable } from './curve-table.ts';
import { CurveTools, type SavedAs } from './curve-tools.tsx';
import { useCurvesScope } from './curves-scope.tsx';
import type { PlottedCurve } from './plotted-curve.ts';

type CurveChartProps = {
  title: string;
  /** What it shows, for screen readers. */
  label: string;
  curves: readonly PlottedCurve[];
  axis: CurveAxis;
  bestEpoch?: number | null;
  /** How a value is written in the legend and the tooltip. */
  format: (value: number | null | undefined) => string;
  /** The numbers of the axis carry their unit too. */
  hasUnit?: boolean;
  isLive?: boolean;
  isLog: boolean;
  onLog: (isLog: boolean) => void;
  /** Curves that a legend over all charts hides; without one the chart has its own. */
  sharedHidden?: ReadonlySet<string>;
  /** In place of a chart without curves. */
  emptyText?: string;
  /** Further buttons next to its tools. */
  actions?: ReactNode;
};

export function CurveChart(props: CurveChartProps) {
  const { title, actions, isLog, onLog } = props;
  const [isLarge, setLarge] = useState(false);
  const figure = useFigure(props);
  const tools = { title, isLog, onLog, save: figure.save };
  return (
    <Card
      title={title}
      className="[&>header]:flex-nowrap [&>header>:last-child]:shrink-0 [&>header>:last-child]:flex-nowrap"
      actions={
        <>
          <CurveTools {...tools} onEnlarge={() => setLarge(true)} />
          {actions}
        </>
      }
    >
      <Figure {...props} figure={figure} />
      <Dialog
        title={title}
        open={isLarge}
        onOpenChange={setLarge}
        className="h-[92vh] max-w-[calc(100vw-2rem)]"
      >
        <div className="mb-2 flex justify-end">
          <CurveTools {...tools} />
        </div>
        <Figure {...props} figure={figure} className="h-[68vh]" />
      </Dialog>
    </Card>
  );
}

type FigureState = ReturnType<typeof useFigure>;

/** What is shown of the curves, how it is drawn, and how it is saved. */
function useFigure({
  title,
  curves,
  axis,
  bestEpoch,
  format,
  hasUnit,
  isLog,
  sharedHidden,
}: CurveChartProps) {
  const { range, smoothing } = useCurvesScope();
  const palette = useChartPalette();
  const [ownHidden, setOwnHidden] = useState<ReadonlySet<string>>(new Set());
  const hidden = sharedHidden ?? ownHidden;
  const shown = useMemo(
    () => curves.filter(({ name, group = name }) => !hidden.has(group)),
    [curves, hidden],
  );
  const build = useCallback(
    (colors: ChartPalette) =>
      buildCurveOption({
        palette: colors,
        curves: shown,
        axis,
        range,
        smoothing,
        isLog,
        bestEpoch,
        format: hasUnit ? format : undefined,
      }),
    [shown, axis, range, smoothing, isLog, bestEpoch, format, hasUnit],
  );
  const asked = JSON.stringify([range, smoothing, isLog, [...hidden]]);
  async function save(as: SavedAs) {
    if (as === 'csv') {
      const table = writeCurveTable(shown, { axisName: axis.name, smoothing });
      return saveFile(new Blob([table], { type: 'text/csv' }), nameFile(title, 'csv'));
    }
    const { savePng, saveSvg } = await import('./save-curves.ts');
    const picture = { title, option: build(palette), names: shown.map(({ name }) => name), palette };
    return as === 'png' ? savePng(picture) : saveSvg(picture);
  }
  return { hidden, setOwnHidden, shown, build, asked, save };
}

type FigureProps = CurveChartProps & { figure: FigureState; className?: string };

function Figure({
  label,
  curves,
  axis,
  format,
  isLive,
  isLog,
  sharedHidden,
  emptyText,
  figure,
  className,
}: FigureProps) {
  const { hidden, setOwnHidden, shown, build, asked } = figure;
  if (curves.length === 0 && emptyText) return <p className="text-sm text-muted-foreground">{emptyText}</p>;
  const left = isLog ? countUnplaced(shown) : 0;
  return (
    <>
      {sharedHidden ? (
        <LineKey curves={curves} />
      ) : (
        <CurveLegend entries={curves} hidden={hidden} onHidden={setOwnHidden} format={format} />
      )}
      <CurvePlot
        label={label}
        curves={shown}
        build={build}
        asked={asked}
        axis={axis}
        format={format}
        isLive={isLive}
        className={className}
      />
      {left > 0 && (
        <p className="text-xs text-muted-foreground">
          {left} of the values {left === 1 ? 'is' : 'are'} not above 0: a logarithmic axis has no place for
          them.
        </p>
      )}
    </>
  );
}

function countUnplaced(curves: readonly PlottedCurve[]): number {
  const counts = curves.map(({ points }) => points.filter(({ value }) => value <= 0).length);
  return counts.reduce((sum, count) => sum + count, 0);
}
