'use client';
/**
 * The drawn part of a chart of curves: dragging zooms all charts of the page, the cursor stands at the same place in all of
 * them, and both work by keys. For a screen reader it is a slider over the places, which reads out the values there.
 */
import { type KeyboardEvent, useId, useRef, useState } from 'react';
import { classNames } from '../../ui/class-names.ts';
import type { BuildChart } from '../drawing.ts';
import { type CurveAxis, formatPlace, toRange } from './curve-option.ts';
import { useCurvesScope } from './curves-scope.tsx';
import { moveByKey, zoomByKey } from './plot-keys.ts';
import { listPlaces, type PlottedCurve, valueAt } from './plotted-curve.ts';
import { PLACE_AXIS, usePlotDrawing } from './use-plot-drawing.ts';
import { usePlotPointer } from './use-plot-pointer.ts';

type CurvePlotProps = {
  label: string;
  /** Those that are shown. */
  curves: readonly PlottedCurve[];
  build: BuildChart;
  /** Changes with what a person asked for, and not with what arrives by itself. */
  asked: string;
  axis: CurveAxis;
  format: (value: number) => string;
  isLive?: boolean;
  className?: string;
};

export function CurvePlot({ label, curves, build, asked, axis, format, isLive, className }: CurvePlotProps) {
  const owner = useId();
  const { range, setRange, cursor } = useCurvesScope();
  const [spoken, setSpoken] = useState<number | null>(null);
  const selection = useRef<HTMLDivElement>(null);
  const { box, line, drawing } = usePlotDrawing({ build, asked, isLive: isLive ?? false });
  const pointer = usePlotPointer({ owner, drawing, selection, curves, axis });

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const at = cursor.get()?.place ?? null;
    const place = moveByKey(event.key, listPlaces(curves, range), at);
    const zoomed = zoomByKey(event.key, { range, whole: toRange(axis), at });
    if (place === undefined && zoomed === undefined) return;
    event.preventDefault();
    if (zoomed !== undefined) return setRange(zoomed);
    if (place === undefined || place === null) return;
    cursor.set({ place, owner });
    setSpoken(place);
    const x = drawing.current?.chart.convertToPixel(PLACE_AXIS, place);
    const y = (box.current?.clientHeight ?? 0) / 2;
    drawing.current?.chart.dispatchAction({ type: 'showTip', x, y });
  }

  function leave() {
    if (cursor.get()?.owner === owner) cursor.set(null);
    drawing.current?.chart.dispatchAction({ type: 'hideTip' });
  }

  const shown = range ?? toRange(axis);
  const places = listPlaces(curves, range);
  const read = spoken !== null && places.includes(spoken) ? spoken : (places.at(-1) ?? null);
  return (
    <div
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={shown.from}
      aria-valuemax={shown.to}
      aria-valuenow={read ?? shown.to}
      aria-valuetext={describePlace(read, { curves, axis, format })}
      className={classNames('relative h-44 w-full cursor-crosshair select-none', className)}
      {...pointer}
      onPointerLeave={leave}
      onDoubleClick={() => setRange(null)}
      onKeyDown={onKeyDown}
      onBlur={leave}
    >
      <div ref={box} className="size-full" />
      <div ref={line} hidden className={classNames(OVERLAY, 'w-px bg-muted-foreground')} />
      <div ref={selection} hidden className={classNames(OVERLAY, 'border-x border-accent bg-accent/15')} />
    </div>
  );
}

/** As high as what is drawn within the axes. */
const OVERLAY = 'pointer-events-none absolute top-5 bottom-[34px]';

type Spoken = Pick<CurvePlotProps, 'curves' | 'axis' | 'format'>;

function describePlace(place: number | null, { curves, axis, format }: Spoken): string {
  if (place === null) return 'no values';
  const values = curves.flatMap(({ name, points }) => {
    const value = valueAt(points, place);
    if (value === null) return [];
    return [`${name} ${Number.isFinite(value) ? format(value) : 'not a number'}`];
  });
  return `${axis.name} ${formatPlace(place)}: ${values.join(', ') || 'no values'}`;
}
