/** A figure and its interval on a scale that all bars of a table share, with a line where the scale has a middle. */
import { type BarScale, placeOnBar } from './bar-scale.ts';

type IntervalBarProps = {
  value?: number | null;
  low?: number | null;
  high?: number | null;
  scale: BarScale;
  widthPx?: number;
};

const WIDTH_PX = 120;
const HEIGHT_PX = 14;

export function IntervalBar({ value, low, high, scale, widthPx = WIDTH_PX }: IntervalBarProps) {
  if (typeof value !== 'number') return null;
  const middle = HEIGHT_PX / 2;
  const place = (at: number) => placeOnBar(at, { scale, widthPx });
  const hasInterval = typeof low === 'number' && typeof high === 'number';
  return (
    <svg width={widthPx} height={HEIGHT_PX} aria-hidden className="shrink-0">
      <line x1={0} x2={widthPx} y1={middle} y2={middle} stroke="var(--line)" />
      {scale.mark !== undefined && (
        <line
          x1={place(scale.mark)}
          x2={place(scale.mark)}
          y1={0}
          y2={HEIGHT_PX}
          stroke="var(--muted-foreground)"
        />
      )}
      {hasInterval && (
        <line
          x1={place(low)}
          x2={place(high)}
          y1={middle}
          y2={middle}
          stroke="var(--accent)"
          strokeWidth={3}
        />
      )}
      <circle cx={place(value)} cy={middle} r={4} fill="var(--accent)" />
    </svg>
  );
}
