/** Walking through the ranked hot spots and errors of a slide. Pure. */
import { placePatch, placeSpot, type SlideGrid, type SlideRect } from './slide-grid.ts';

export type Walked = { kind: 'SPOT' | 'ERROR'; at: number };

/** Arrow keys: left and right go through hot spots, up and down through errors. Null for any other key. */
export function readStep(key: string): { kind: Walked['kind']; by: 1 | -1 } | null {
  switch (key) {
    case 'ArrowRight':
      return { kind: 'SPOT', by: 1 };
    case 'ArrowLeft':
      return { kind: 'SPOT', by: -1 };
    case 'ArrowDown':
      return { kind: 'ERROR', by: 1 };
    case 'ArrowUp':
      return { kind: 'ERROR', by: -1 };
    default:
      return null;
  }
}

/** The next one, around the end; the first or the last where the other kind was walked; null where there is none. */
export function stepOn(
  grid: SlideGrid,
  from: Walked | null,
  { kind, by }: { kind: Walked['kind']; by: 1 | -1 },
): Walked | null {
  const count = countWalk(grid, kind);
  if (count === 0) return null;
  if (from?.kind !== kind) return { kind, at: by === 1 ? 0 : count - 1 };
  return { kind, at: (from.at + by + count) % count };
}

export function countWalk({ hotSpots, errors }: SlideGrid, kind: Walked['kind']): number {
  return kind === 'SPOT' ? hotSpots.length : errors.length;
}

export function placeWalked(grid: SlideGrid, { kind, at }: Walked): SlideRect | null {
  if (kind === 'SPOT') {
    const spot = grid.hotSpots[at];
    return spot ? placeSpot(grid, spot) : null;
  }
  const patch = grid.errors[at];
  return patch === undefined ? null : placePatch(grid, patch);
}
