/**
 * Draws the layers over a slide on a canvas: filled ones as small pictures that the browser enlarges, contours as paths that
 * are made once, and a frame around what the reader walks through.
 */
import type { Placement } from './placement.ts';
import type { SlideRect, SlideSize } from './slide-grid.ts';

export type OverlayFill = { kind: 'FILL'; pixels: Uint8ClampedArray<ArrayBuffer> };
export type OverlayContour = {
  kind: 'CONTOUR';
  rings: readonly (readonly number[])[];
  /** Pixels of the slide for one of the rings' own. */
  unitPx: number;
  color: string;
  dashed: boolean;
  /** Whether what lies within is tinted. */
  veiled: boolean;
};

export type OverlayScene = {
  cellPx: number;
  columns: number;
  rows: number;
  /** From below to above. */
  layers: readonly (OverlayFill | OverlayContour)[];
  /** Of filled layers, 0 to 1. */
  opacity: number;
  /** A frame in pixels of the slide. */
  marked: SlideRect | null;
};

type Line = Pick<OverlayContour, 'unitPx' | 'color' | 'dashed' | 'veiled'> & { path: Path2D };
export type Drawable = { image: HTMLCanvasElement } | Line;

const LINE_PX = 2;
const HALO_PX = 4;
const DASH_PX = 5;
const HALO = 'rgb(255 255 255 / 0.85)';
const MARK = 'rgb(20 20 20)';
/** Of the veil over what lies within a contour. */
const VEIL = 0.14;

export function prepareLayer(layer: OverlayFill | OverlayContour, { columns, rows }: OverlayScene): Drawable {
  if (layer.kind === 'CONTOUR') {
    const { kind: _, rings, ...look } = layer;
    return { path: tracePath(rings), ...look };
  }
  const image = document.createElement('canvas');
  image.width = columns;
  image.height = rows;
  image.getContext('2d')?.putImageData(new ImageData(layer.pixels, columns, rows), 0, 0);
  return { image };
}

function tracePath(rings: readonly (readonly number[])[]): Path2D {
  const path = new Path2D();
  for (const ring of rings) {
    for (let at = 0; at < ring.length; at += 2) {
      const [x = 0, y = 0] = [ring[at], ring[at + 1]];
      if (at === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    }
    path.closePath();
  }
  return path;
}

type Drawing = {
  slide: SlideSize;
  scene: OverlayScene | null;
  drawables: readonly Drawable[];
  /** Pixels of the slide to those of the screen, from the corner of the canvas. */
  placement: Placement;
};

/** What was on the canvas is gone. */
export function drawOverlay(
  canvas: HTMLCanvasElement,
  { slide, scene, drawables, placement }: Drawing,
): void {
  const context = canvas.getContext('2d');
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!scene) return;
  const ratio = window.devicePixelRatio;
  context.scale(ratio, ratio);
  context.transform(...placement);
  const zoom = Math.hypot(placement[0], placement[1]);
  context.save();
  context.beginPath();
  context.rect(0, 0, slide.widthPx, slide.heightPx);
  context.clip();
  context.imageSmoothingEnabled = false;
  for (const drawable of drawables) {
    if ('image' in drawable) {
      const { image } = drawable;
      context.globalAlpha = scene.opacity;
      context.drawImage(image, 0, 0, image.width * scene.cellPx, image.height * scene.cellPx);
      context.globalAlpha = 1;
    } else drawContour(context, drawable, zoom);
  }
  context.restore();
  if (scene.marked) drawMark(context, scene.marked, zoom);
}

function drawContour(
  context: CanvasRenderingContext2D,
  { path, unitPx, color, dashed, veiled }: Line,
  zoom: number,
): void {
  const screenPx = zoom * unitPx;
  context.save();
  context.scale(unitPx, unitPx);
  if (veiled) {
    context.fillStyle = color;
    context.globalAlpha = VEIL;
    context.fill(path);
    context.globalAlpha = 1;
  }
  context.lineJoin = 'round';
  context.strokeStyle = HALO;
  context.lineWidth = HALO_PX / screenPx;
  context.stroke(path);
  if (dashed) context.setLineDash([DASH_PX / screenPx, DASH_PX / screenPx]);
  context.strokeStyle = color;
  context.lineWidth = LINE_PX / screenPx;
  context.stroke(path);
  context.restore();
}

function drawMark(context: CanvasRenderingContext2D, { x, y, width, height }: SlideRect, zoom: number): void {
  const gap = HALO_PX / zoom;
  for (const [color, lineWidth] of [
    [HALO, 2 * HALO_PX],
    [MARK, LINE_PX],
  ] as const) {
    context.strokeStyle = color;
    context.lineWidth = lineWidth / zoom;
    context.strokeRect(x - gap, y - gap, width + 2 * gap, height + 2 * gap);
  }
}
