'use client';
/** The tools that all charts of a page share: smoothing, and the way back from a part of the axis to the whole. */
import { ZoomOut } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../../ui/button.tsx';
import { Slider } from '../../ui/slider.tsx';
import { formatPlace } from './curve-option.ts';
import { useCurvesScope } from './curves-scope.tsx';
import { SMOOTHING_MAX } from './smooth-curve.ts';

export function CurvesBar({ axisName, children }: { axisName: string; children?: ReactNode }) {
  const { range, setRange, smoothing, setSmoothing } = useCurvesScope();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs text-muted-foreground">
      <span className="flex items-center gap-2">
        Smoothing
        <Slider
          label="Smoothing"
          value={smoothing}
          onChange={setSmoothing}
          max={SMOOTHING_MAX}
          step={0.01}
          valueText={smoothing === 0 ? 'off' : smoothing.toFixed(2)}
          className="w-24"
        />
        <span className="w-8 tabular-nums">{smoothing === 0 ? 'off' : smoothing.toFixed(2)}</span>
      </span>
      {range ? (
        <span className="flex items-center gap-2" role="status">
          {axisName} {formatPlace(range.from)} to {formatPlace(range.to)}
          <Button size="sm" onClick={() => setRange(null)}>
            <ZoomOut />
            Whole range
          </Button>
        </span>
      ) : (
        <span className="max-md:hidden">
          Drag over a chart to zoom; a double click or Esc goes back. Keys: arrows, + and −.
        </span>
      )}
      {children && <span className="flex flex-wrap items-center gap-3 md:ml-auto">{children}</span>}
    </div>
  );
}
