/**
 * A difference and its interval on a scale around zero: right of the middle line, the first run's figure is the
 * larger.
 */

type DifferenceBarProps = {
  difference?: number | null;
  low?: number | null;
  high?: number | null;
  /** Half the width of the scale; the same for all bars of a table. */
  reach: number;
};

const WIDTH_PX = 120;
const HEIGHT_PX = 14;

export function DifferenceBar({ difference, low, high, reach }: DifferenceBarProps) {
  if (typeof difference !== 'number' || typeof low !== 'number' || typeof high !== 'number') return null;
  const middle = HEIGHT_PX / 2;
  return (
    <svg width={WIDTH_PX} height={HEIGHT_PX} aria-hidden className="shrink-0">
      <line x1={0} x2={WIDTH_PX} y1={middle} y2={middle} stroke="var(--line)" />
      <line
        x1={place(0, reach)}
        x2={place(0, reach)}
        y1={0}
        y2={HEIGHT_PX}
        stroke="var(--muted-foreground)"
      />
      <line
        x1={place(low, reach)}
        x2={place(high, reach)}
        y1={middle}
        y2={middle}
        stroke="var(--accent)"
        strokeWidth={3}
      />
      <circle cx={place(difference, reach)} cy={middle} r={4} fill="var(--accent)" />
    </svg>
  );
}

function place(value: number, reach: number): number {
  const share = Math.max(-1, Math.min(1, value / reach));
  return ((share + 1) / 2) * (WIDTH_PX - 8) + 4;
}
