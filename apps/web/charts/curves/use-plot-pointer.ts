'use client';
/** What the pointer does on a chart of curves: it moves the shared cursor, and a drag shows the part that it went over. */
import { type PointerEvent, type RefObject, useRef } from 'react';
import { type CurveAxis, toRange } from './curve-option.ts';
import { useCurvesScope } from './curves-scope.tsx';
import { findNearest, listPlaces, type PlaceRange, type PlottedCurve, roundRange } from './plotted-curve.ts';
import { PLACE_AXIS, type PlotDrawing } from './use-plot-drawing.ts';

type PointerRequest = {
  owner: string;
  drawing: PlotDrawing['drawing'];
  selection: RefObject<HTMLDivElement | null>;
  curves: readonly PlottedCurve[];
  axis: CurveAxis;
};

/** A shorter drag is a click. */
const DRAG_FROM_PX = 5;

export function usePlotPointer({ owner, drawing, selection, curves, axis }: PointerRequest) {
  const { range, setRange, cursor } = useCurvesScope();
  const drag = useRef<number | null>(null);
  const readPlace = (x: number) => drawing.current?.chart.convertFromPixel(PLACE_AXIS, x) as number;

  function onPointerDown(event: PointerEvent) {
    const [x, y] = offsetOf(event);
    // A finger scrolls the page.
    if (event.button !== 0 || event.pointerType === 'touch') return;
    if (drawing.current?.chart.containPixel('grid', [x, y])) drag.current = x;
  }

  function onPointerMove(event: PointerEvent) {
    const [x, y] = offsetOf(event);
    if (!drawing.current) return;
    if (drag.current !== null) {
      // From here on the pointer may leave the chart.
      if (Math.abs(x - drag.current) >= DRAG_FROM_PX) event.currentTarget.setPointerCapture(event.pointerId);
      return showSelection(selection.current, drag.current, x);
    }
    if (!drawing.current.chart.containPixel('grid', [x, y])) return cursor.set(null);
    const place = findNearest(listPlaces(curves, range), readPlace(x));
    cursor.set(place === null ? null : { place, owner });
  }

  function onPointerUp(event: PointerEvent) {
    const begun = drag.current;
    drag.current = null;
    showSelection(selection.current, 0, 0);
    const [x] = offsetOf(event);
    if (!drawing.current || begun === null || Math.abs(x - begun) < DRAG_FROM_PX) return;
    const shown = range ?? toRange(axis);
    setRange(roundRange(clamp(readPlace(begun), shown), clamp(readPlace(x), shown)));
  }

  return { onPointerDown, onPointerMove, onPointerUp };
}

function offsetOf({ clientX, clientY, currentTarget }: PointerEvent): [number, number] {
  const { left, top } = currentTarget.getBoundingClientRect();
  return [clientX - left, clientY - top];
}

function clamp(place: number, { from, to }: PlaceRange): number {
  return Math.min(to, Math.max(from, place));
}

function showSelection(selection: HTMLDivElement | null, from: number, to: number): void {
  if (!selection) return;
  selection.hidden = Math.abs(to - from) < DRAG_FROM_PX;
  selection.style.left = `${Math.min(from, to)}px`;
  selection.style.width = `${Math.abs(to - from)}px`;
}
