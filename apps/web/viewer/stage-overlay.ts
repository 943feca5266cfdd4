/**
 * The canvas over a slide. It is drawn with a margin around what is seen; while the slide is moved, the browser shifts and
 * stretches it with the tissue, and it is drawn again where that does not reach, and when the slide rests.
 */
import type { Viewer } from 'openseadragon';
import { type Drawable, drawOverlay, type OverlayScene, prepareLayer } from './overlay-drawing.ts';
import { type Placement, reuseDrawn } from './placement.ts';
import type { SlideSize } from './slide-grid.ts';

/** Of the box, on each side. */
const MARGIN = 0.3;

export type StageOverlay = {
  show(scene: OverlayScene | null): void;
  /** As it is seen now, on a canvas of its own. */
  picture(): HTMLCanvasElement;
};

export function createOverlay(viewer: Viewer, slide: SlideSize): StageOverlay {
  const canvas = document.createElement('canvas');
  canvas.className = 'pointer-events-none absolute max-w-none';
  canvas.style.willChange = 'transform';
  canvas.setAttribute('aria-hidden', 'true');
  viewer.canvas.append(canvas);
  let scene: OverlayScene | null = null;
  let drawables: Drawable[] = [];
  let drawn: Parameters<typeof reuseDrawn>[0] | null = null;
  const drawOn = (target: HTMLCanvasElement, margin: number) => {
    const box = readBox(viewer);
    const at = readPlacement(viewer, slide);
    const placement = shift(at, margin * box.width, margin * box.height);
    layOut(target, box, margin);
    drawOverlay(target, { slide, scene, drawables, placement });
    return { at, box, margin };
  };
  const draw = () => {
    if (viewer.world.getItemCount() > 0) drawn = drawOn(canvas, MARGIN);
  };
  const follow = () => {
    if (viewer.world.getItemCount() === 0) return;
    const move = drawn && reuseDrawn(drawn, readPlacement(viewer, slide), readBox(viewer));
    if (move) canvas.style.transform = `matrix(${move.join()})`;
    else draw();
  };
  viewer.addHandler('update-viewport', follow);
  viewer.addHandler('animation-finish', draw);
  return {
    show(next) {
      const isSame = next !== null && scene?.layers === next.layers;
      if (!isSame) drawables = next ? next.layers.map((layer) => prepareLayer(layer, next)) : [];
      scene = next;
      draw();
    },
    picture() {
      const picture = document.createElement('canvas');
      drawOn(picture, 0);
      return picture;
    },
  };
}

type Box = { width: number; height: number };

function readBox({ viewport }: Viewer): Box {
  const { x, y } = viewport.getContainerSize();
  return { width: x, height: y };
}

/** As many pixels as it has on this screen. What moves it counts from the corner of the box, not from its own. */
function layOut(canvas: HTMLCanvasElement, box: Box, margin: number): void {
  const ratio = window.devicePixelRatio;
  const [left, top] = [margin * box.width, margin * box.height];
  const [width, height] = [box.width + 2 * left, box.height + 2 * top];
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  Object.assign(canvas.style, {
    ...{ left: `${-left}px`, top: `${-top}px`, width: `${width}px`, height: `${height}px` },
    ...{ transform: '', transformOrigin: `${left}px ${top}px` },
  });
}

/** Pixels of the slide to those of the screen, from the corner of the box. */
function readPlacement({ viewport }: Viewer, { widthPx }: SlideSize): Placement {
  const center = viewport.getCenter(true);
  // The viewer measures in widths of the slide.
  const at = (x: number, y: number) => {
    const point = center.clone();
    point.x = x;
    point.y = y;
    return viewport.pixelFromPoint(point, true);
  };
  const [origin, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  return [
    ...([(right.x - origin.x) / widthPx, (right.y - origin.y) / widthPx] as const),
    ...([(down.x - origin.x) / widthPx, (down.y - origin.y) / widthPx] as const),
    origin.x,
    origin.y,
  ];
}

function shift([a, b, c, d, e, f]: Placement, x: number, y: number): Placement {
  return [a, b, c, d, e + x, f + y];
}
