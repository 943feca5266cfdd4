/** Where the walk through hot spots and errors stands, and buttons for what the arrow keys do. */
import { formatCount, formatMetric } from '../../format/format-number.ts';
import { Button } from '../../ui/button.tsx';
import { nameOutcome, type SlideGrid } from '../../viewer/slide-grid.ts';
import { describeArea } from '../../viewer/slide-measures.ts';
import { countWalk, type Walked } from '../../viewer/walk.ts';

type WalkLineProps = {
  grid: SlideGrid | null;
  walked: Walked | null;
  micronsPerPixel: number | null;
  isLoading: boolean;
  onStep: (kind: Walked['kind'], by: 1 | -1) => void;
};

export function WalkLine({ grid, walked, micronsPerPixel, isLoading, onStep }: WalkLineProps) {
  if (isLoading)
    return (
      <p role="status" className="mt-2 text-sm text-muted-foreground">
        Loading what the model says…
      </p>
    );
  if (!grid) return null;
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      <Steps kind="SPOT" name="hot spot" many="hot spots" keys="← →" grid={grid} onStep={onStep} />
      {grid.hasLabels && (
        <Steps kind="ERROR" name="error" many="errors" keys="↑ ↓" grid={grid} onStep={onStep} />
      )}
      <p role="status" className="text-muted-foreground">
        {walked ? describeWalked(grid, walked, micronsPerPixel) : ''}
      </p>
    </div>
  );
}

type StepsProps = Pick<WalkLineProps, 'onStep'> & {
  kind: Walked['kind'];
  name: string;
  many: string;
  keys: string;
  grid: SlideGrid;
};

function Steps({ kind, name, many, keys, grid, onStep }: StepsProps) {
  const count = countWalk(grid, kind);
  return (
    <span className="flex items-center gap-1.5">
      <Button
        size="sm"
        disabled={count === 0}
        aria-label={`Previous ${name}`}
        onClick={() => onStep(kind, -1)}
      >
        ‹
      </Button>
      {formatCount(count)} {count === 1 ? name : many}
      <kbd className="text-xs text-muted-foreground">{keys}</kbd>
      <Button size="sm" disabled={count === 0} aria-label={`Next ${name}`} onClick={() => onStep(kind, 1)}>
        ›
      </Button>
    </span>
  );
}

function describeWalked(grid: SlideGrid, { kind, at }: Walked, micronsPerPixel: number | null): string {
  const count = formatCount(countWalk(grid, kind));
  if (kind === 'SPOT') {
    const spot = grid.hotSpots[at];
    if (!spot) return '';
    const area = describeArea(spot.patches, grid.patchSizePx, micronsPerPixel);
    const patches = `${formatCount(spot.patches)} ${spot.patches === 1 ? 'patch' : 'patches'}`;
    return `Hot spot ${at + 1} of ${count}: ${patches}${area ? `, ${area}` : ''}, highest probability ${formatMetric(spot.peak)}`;
  }
  const patch = grid.errors[at];
  if (patch === undefined) return '';
  return `Error ${at + 1} of ${count}: ${nameOutcome(grid, patch)}, probability ${formatMetric(grid.probabilities[patch])}`;
}
