/** Where a slide lies on the screen: what was drawn for one place is moved exactly to another, or drawn again. */
import { describe, expect, it } from 'vitest';
import { moveBetween, type Placement, reuseDrawn } from '../../../apps/web/viewer/placement.ts';

const BOX = { width: 800, height: 400 };
const MARGIN = 0.25;
const START: Placement = [0.5, 0, 0, 0.5, 40, -20];

function put([a, b, c, d, e, f]: Placement, x: number, y: number): [number, number] {
  return [a * x + c * y + e, b * x + d * y + f];
}

function turned(degrees: number, zoom: number, e: number, f: number): Placement {
  const angle = (degrees * Math.PI) / 180;
  const [cos, sin] = [zoom * Math.cos(angle), zoom * Math.sin(angle)];
  return [cos, sin, -sin, cos, e, f];
}

describe('a slide that is moved', () => {
  it('takes what was drawn over it along, whatever the move', () => {
    for (const to of [
      START,
      turned(0, 0.7, -12, 300),
      turned(90, 0.5, 500, 3),
      turned(33, 2.5, -900, 77),
    ] as const) {
      const move = moveBetween(START, to);
      for (const [x, y] of [
        [0, 0],
        [1000, 30],
        [-7, 512],
      ] as const) {
        const [wantedX, wantedY] = put(to, x, y);
        const [seenX, seenY] = put(move, ...put(START, x, y));
        expect(seenX).toBeCloseTo(wantedX, 8);
        expect(seenY).toBeCloseTo(wantedY, 8);
      }
    }
  });

  it('is drawn again only where the picture does not reach, or would be coarse', () => {
    const drawn = { at: START, box: BOX, margin: MARGIN };
    const reuse = (to: Placement, box = BOX) => reuseDrawn(drawn, to, box);
    expect(reuse(START)).toEqual([1, 0, 0, 1, 0, 0]);
    // As far as the margin of 200 px, and not further.
    expect(reuse([0.5, 0, 0, 0.5, 239, -20])).toEqual([1, 0, 0, 1, 199, 0]);
    expect(reuse([0.5, 0, 0, 0.5, 241, -20])).toBeNull();
    expect(reuse([0.5, 0, 0, 0.5, 40, -121])).toBeNull();
    // Closer to the middle it reaches, until edges are soft.
    const closer = (by: number): Placement => [
      ...([0.5 * by, 0, 0, 0.5 * by] as const),
      400 + by * (40 - 400),
      200 + by * (-20 - 200),
    ];
    expect(reuse(closer(1.5))).not.toBeNull();
    expect(reuse(closer(1.7))).toBeNull();
    expect(reuse(closer(0.7))).not.toBeNull();
    expect(reuse(closer(0.6))).toBeNull();
    expect(reuse(START, { width: 801, height: 400 })).toBeNull();
  });
});
