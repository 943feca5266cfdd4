'use client';
/** Keeps one chart of curves drawn in its box, with the line of the cursor that all charts of the page share. */
import { type RefObject, useEffect, useRef } from 'react';
import { type BuildChart, type Drawing, startDrawing } from '../drawing.ts';
import { useChartPalette } from '../use-chart-palette.ts';
import { useCurvesScope } from './curves-scope.tsx';

/** The axis that places are measured on, as ECharts names it. */
export const PLACE_AXIS = { xAxisIndex: 0 };

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
  const drawnFor = useRef(asked);

  useEffect(() => {
    if (!box.current) return;
    const placeLine = () => showLine(line.current, drawing.current, cursor.get()?.place ?? null);
    const intervalMs = isLive ? LIVE_INTERVAL_MS : 0;
    const started = startDrawing(box.current, { intervalMs, onDrawn: placeLine });
    drawing.current = started;
    const stopListening = cursor.subscribe(placeLine);
    return () => {
      stopListening();
      started.stop();
      drawing.current = null;
    };
  }, [isLive, cursor]);

  useEffect(() => {
    drawing.current?.show(build, palette, asked !== drawnFor.current);
    drawnFor.current = asked;
  }, [build, palette, asked]);

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
