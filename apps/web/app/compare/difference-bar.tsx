/** An interval around a difference on a scale around zero: what lies left of the middle line speaks for the first run. */

type DifferenceBarProps = { difference?: number | null; low?: number | null; high?: number | null };

const WIDTH_PX = 120;
const HEIGHT_PX = 14;
/** Half the width of the scale; wider intervals are cut at the edge. */
const LARGEST_DIFFERENCE = 0.2;

export function DifferenceBar({ difference, low, high }: DifferenceBarProps) {
  if (typeof difference !== 'number' || typeof low !== 'number' || typeof high !== 'number') return null;
  const middle = HEIGHT_PX / 2;
  return (
    <svg width={WIDTH_PX} height={HEIGHT_PX} aria-hidden className="shrink-0">
      <line x1={0} x2={WIDTH_PX} y1={middle} y2={middle} stroke="var(--line)" />
      <line x1={place(0)} x2={place(0)} y1={0} y2={HEIGHT_PX} stroke="var(--muted-foreground)" />
      <line x1={place(low)} x2={place(high)} y1={middle} y2={middle} stroke="var(--accent)" strokeWidth={3} />
      <circle cx={place(difference)} cy={middle} r={4} fill="var(--accent)" />
    </svg>
  );
}

function place(value: number): number {
  const share = Math.max(-1, Math.min(1, value / LARGEST_DIFFERENCE));
  return ((share + 1) / 2) * (WIDTH_PX - 8) + 4;
}
