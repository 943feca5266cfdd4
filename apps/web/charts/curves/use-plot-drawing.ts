'use client';
/** Keeps one chart of curves drawn in its box, with the line of the cursor that all charts of the page share. */
import { type RefObject, useEffect, useRef, useState } from 'react';
import type { BuildChart, Drawing } from '../drawing.ts';
import { loadDrawing } from '../load-drawing.ts';
import { useChartPalette } from '../use-chart-palette.ts';
import { useCurvesScope } from './curves-scope.tsx';

/** The axis that places are measured on, as ECharts names it. */
export const PLACE_AXIS = { xAxisIndex: 0 };

// Pages with curves show them first of all. On the server nothing is drawn; a failure is told of where it is drawn.
if (typeof window !== 'undefined') loadDrawing().catch(() => undefined);

/** Between two drawings of a chart whose numbers arrive by themselves. */
const LIVE_INTERVAL_MS = 1_000;
/** Below the upper edge of what is drawn of any chart. */
const INSIDE_PX = 30;

export type PlotDrawing = {
  box: RefObject<HTMLDivElement | null>;
  line: RefObject<HTMLDivElement | null>;
  drawing: RefObject<Drawing | null>;
};

type PlotRequest = { build: BuildChart; asked: string; isLive: boolean };

export function usePlotDrawing({ build, asked, isLive }: PlotRequest): PlotDrawing {
  const { cursor } = useCurvesScope();
  const palette = useChartPalette();
  const box = useRef<HTMLDivElement>(null);
  const line = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const [started, setStarted] = useState<Drawing | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  const drawnFor = useRef(asked);

  useEffect(() => {
    let stop: (() => void) | null = () => undefined;
    loadDrawing().then(({ startDrawing }) => {
      if (!stop || !box.current) return;
      const placeLine = () => showLine(line.current, drawing.current, cursor.get()?.place ?? null);
      const intervalMs = isLive ? LIVE_INTERVAL_MS : 0;
      const next = startDrawing(box.current, { intervalMs, onDrawn: placeLine });
      drawing.current = next;
      const stopListening = cursor.subscribe(placeLine);
      stop = () => {
        stopListening();
        next.stop();
      };
      setStarted(next);
    }, setFailure);
    return () => {
      stop?.();
      stop = null;
      drawing.current = null;
      setStarted(null);
    };
  }, [isLive, cursor]);

  useEffect(() => {
    started?.show(build, palette, asked !== drawnFor.current);
    drawnFor.current = asked;
  }, [started, build, palette, asked]);

  // The page's frame around errors tells of it, and offers to try again.
  if (failure) throw failure;
  return { box, line, drawing };
}

function showLine(line: HTMLDivElement | null, drawing: Drawing | null, place: number | null): void {
  if (!line) return;
  const x =
    place === null ? undefined : (drawing?.chart.convertToPixel(PLACE_AXIS, place) as number | undefined);
  const isSeen = x !== undefined && Number.isFinite(x) && drawing?.chart.containPixel('grid', [x, INSIDE_PX]);
  line.hidden = !isSeen;
  if (isSeen) line.style.left = `${x}px`;
}
