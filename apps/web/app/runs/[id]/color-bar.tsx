/** What the heatmap's colours mean: probability of the positive class from 0 to 1. */
import { HEATMAP_STOPS } from './heatmap-stops.ts';

export function ColorBar({ positiveClass }: { positiveClass: string }) {
  return (
    <span className="flex items-center gap-2 text-xs text-muted-foreground">
      probability of {positiveClass}
      <span className="flex items-center gap-1.5">
        0
        <span
          role="img"
          aria-label="Colour scale from 0 to 1"
          className="h-3 w-32 rounded-sm border border-line"
          style={{ background: `linear-gradient(to right, ${HEATMAP_STOPS.join(', ')})` }}
        />
        1
      </span>
    </span>
  );
}
