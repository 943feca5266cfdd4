/**
 * What is drawn over a slide, on one canvas that moves with it: filled layers as small pictures that the browser enlarges,
 * contours as paths that are made once, and a frame around what the reader walks through.
 */
import type { Viewer } from 'openseadragon';
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

type OverlayScene = {
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
type Drawable = { image: HTMLCanvasElement } | Line;

const LINE_PX = 2;
const HALO_PX = 4;
const DASH_PX = 5;
const HALO = 'rgb(255 255 255 / 0.85)';
const MARK = 'rgb(20 20 20)';
/** Of the veil over what lies within a contour. */
const VEIL = 0.14;

export type StageOverlay = { canvas: HTMLCanvasElement; show(scene: OverlayScene | null): void };

export function createOverlay(viewer: Viewer, slide: SlideSize): StageOverlay {
  const canvas = document.createElement('canvas');
  canvas.className = 'pointer-events-none absolute inset-0 size-full';
  canvas.setAttribute('aria-hidden', 'true');
  viewer.canvas.append(canvas);
  let scene: OverlayScene | null = null;
  let drawables: Drawable[] = [];
  const redraw = () => draw({ canvas, viewer, slide, scene, drawables });
  viewer.addHandler('update-viewport', redraw);
  return {
    canvas,
    show(next) {
      const isSame = next !== null && scene?.layers === next.layers;
      if (!isSame) drawables = next ? next.layers.map((layer) => prepare(layer, next)) : [];
      scene = next;
      redraw();
    },
  };
}

function prepare(layer: OverlayFill | OverlayContour, { columns, rows }: OverlayScene): Drawable {
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

type Frame = {
  canvas: HTMLCanvasElement;
  viewer: Viewer;
  slide: SlideSize;
  scene: OverlayScene | null;
  drawables: readonly Drawable[];
};

function draw({ canvas, viewer, slide, scene, drawables }: Frame): void {
  const context = canvas.getContext('2d');
  if (!context || !viewer.world.getItemCount()) return;
  fitToBox(canvas);
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, canvas.width, canvas.height);
  if (!scene) return;
  const zoom = placeOnScreen(context, viewer, slide);
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

/** As many pixels as the box has on this screen. */
function fitToBox(canvas: HTMLCanvasElement): void {
  const ratio = window.devicePixelRatio;
  const [width, height] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** From here on the context draws in pixels of the slide. Gives how many of the canvas one of them takes. */
function placeOnScreen(context: CanvasRenderingContext2D, viewer: Viewer, { widthPx }: SlideSize): number {
  const { viewport } = viewer;
  const center = viewport.getCenter(true);
  // The viewer measures in widths of the slide.
  const at = (x: number, y: number) => {
    const point = center.clone();
    point.x = x;
    point.y = y;
    return viewport.pixelFromPoint(point, true);
  };
  const [origin, right, down] = [at(0, 0), at(1, 0), at(0, 1)];
  const scale = window.devicePixelRatio / widthPx;
  const ratio = window.devicePixelRatio;
  context.setTransform(
    (right.x - origin.x) * scale,
    (right.y - origin.y) * scale,
    (down.x - origin.x) * scale,
    (down.y - origin.y) * scale,
    origin.x * ratio,
    origin.y * ratio,
  );
  return Math.hypot(right.x - origin.x, right.y - origin.y) * scale;
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
