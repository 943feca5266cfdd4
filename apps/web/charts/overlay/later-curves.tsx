'use client';
/** The curves of several runs, where a page shows more than them: what draws them is on its way together with their numbers. */
import { loadSoon } from '../../ui/load-later.tsx';
import { CurvesLoading } from '../curves/curves-loading.tsx';
import { loadDrawing } from '../load-drawing.ts';

export const LaterCurves = loadSoon(
  async () => {
    loadDrawing().catch(() => undefined);
    return (await import('./overlaid-curves.tsx')).OverlaidCurves;
  },
  <CurvesLoading />,
);
