/** Opens OpenSeadragon on the tiles of a slide, with a canvas over them. The library loads only here, on demand. */
import type { Viewer } from 'openseadragon';
import type { SlideRect, SlideSize } from './slide-grid.ts';
import { createOverlay, type StageOverlay } from './stage-overlay.ts';
import type { ViewSync } from './view-sync.ts';

export type SlideTiles = SlideSize & {
  sidePx: number;
  levels: number;
  /** Pixels of the finest level for one of the slide's, in which its patches and views are told. */
  scale: number;
  /** With `{level}`, `{column}` and `{row}`; can be loaded as it is. */
  url: string;
};

/** The middle of what is seen in pixels of the slide, pixels of the screen for each of them, degrees. */
export type StageView = { x: number; y: number; zoom: number; turn: number };

type StageRequest = {
  element: HTMLElement;
  tiles: SlideTiles;
  /** Where to begin; the whole slide when null. */
  view: StageView | null;
  sync: ViewSync;
  /** At every step of a move. */
  onMove: (view: StageView) => void;
  /** At its end. */
  onRest: (view: StageView) => void;
  onLoading: (isLoading: boolean) => void;
  /** With the address of a tile that could not be loaded. */
  onFailed: (url: string) => void;
  /** The place under the cursor in pixels of the slide; null when it leaves. */
  onPoint: (place: { x: number; y: number } | null) => void;
};

export type Stage = {
  overlay: StageOverlay;
  /** The drawn slide, without what lies over it. */
  picture: () => HTMLCanvasElement | null;
  zoomBy(factor: number): void;
  showAll(): void;
  turnBy(degrees: number): void;
  /** Moves there and closer, as far as its surroundings stay in sight. */
  lookAt(rect: SlideRect): void;
  close(): void;
};

const LARGEST_ZOOM = 16;
const GLIDE_S = 0.4;
/** Not 0, so that the end of a move is still told. */
const AT_ONCE_S = 0.01;
const TILES_A_FRAME = 12;
const AROUND = 6;

export async function openStage(request: StageRequest): Promise<Stage> {
  const { element, tiles, view, sync, onMove, onRest } = request;
  const { scale } = tiles;
  const { default: openSeadragon } = await import('openseadragon');
  const viewer = openSeadragon({
    element,
    tileSources: describeSource(tiles),
    drawer: 'canvas',
    // With the session's cookie, and so that a snapshot may be taken.
    crossOriginPolicy: 'use-credentials',
    showNavigationControl: false,
    showNavigator: true,
    navigatorPosition: 'BOTTOM_RIGHT',
    navigatorSizeRatio: 0.16,
    // Who moves by keys or buttons has no cursor on it.
    navigatorAutoFade: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    maxZoomPixelRatio: LARGEST_ZOOM,
    visibilityRatio: 0.4,
    animationTime: matchMedia('(prefers-reduced-motion: reduce)').matches ? AT_ONCE_S : GLIDE_S,
    loadDestinationTilesOnAnimation: false,
    // One a frame, as it is otherwise, makes a first view wait for as many frames as it has tiles.
    maxTilesPerFrame: TILES_A_FRAME,
  });
  viewer.canvas.setAttribute('aria-label', 'The slide: drag, wheel, + and - move it');
  viewer.canvas.setAttribute('role', 'application');
  const member = sync.join(viewer);
  const overlay = createOverlay(viewer, {
    widthPx: tiles.widthPx / tiles.scale,
    heightPx: tiles.heightPx / tiles.scale,
  });
  viewer.addOnceHandler('open', () => {
    if (view) moveThere(viewer, view, scale);
    const item = viewer.world.getItemAt(0);
    item.addHandler('fully-loaded-change', ({ fullyLoaded }) => request.onLoading(!fullyLoaded));
    onMove(readView(viewer, scale));
  });
  viewer.addHandler('update-viewport', () => onMove(readView(viewer, scale)));
  viewer.addHandler('animation-finish', () => onRest(readView(viewer, scale)));
  viewer.addHandler('tile-load-failed', ({ tile }) => request.onFailed(tile.getUrl()));
  const forgetPointer = followPointer(viewer, scale, request.onPoint);
  const lead = (act: () => void) => () => {
    member.lead();
    act();
  };
  return {
    overlay,
    picture: () => viewer.drawer.canvas as HTMLCanvasElement | null,
    zoomBy: (factor) => lead(() => viewer.viewport.zoomBy(factor).applyConstraints())(),
    showAll: lead(() => viewer.viewport.setRotation(0).goHome()),
    turnBy: (degrees) => lead(() => viewer.viewport.rotateBy(degrees))(),
    lookAt: (rect) => lead(() => lookAt(viewer, rect, scale))(),
    close() {
      forgetPointer();
      member.leave();
      viewer.destroy();
    },
  };
}

/** OpenSeadragon counts levels from the coarsest, the API from the slide itself. */
function describeSource({ widthPx, heightPx, sidePx, levels, url }: SlideTiles) {
  return {
    width: widthPx,
    height: heightPx,
    tileSize: sidePx,
    minLevel: 0,
    maxLevel: levels - 1,
    getTileUrl: (level: number, column: number, row: number) =>
      url
        .replace('{level}', String(levels - 1 - level))
        .replace('{column}', String(column))
        .replace('{row}', String(row)),
  };
}

function readView({ viewport, world }: Viewer, scale: number): StageView {
  const item = world.getItemAt(0);
  const center = item.viewportToImageCoordinates(viewport.getCenter(true));
  return {
    x: center.x / scale,
    y: center.y / scale,
    zoom: item.viewportToImageZoom(viewport.getZoom(true)) * scale,
    turn: viewport.getRotation(true),
  };
}

function moveThere({ viewport, world }: Viewer, { x, y, zoom, turn }: StageView, scale: number): void {
  const item = world.getItemAt(0);
  viewport.setRotation(turn, true);
  viewport.zoomTo(item.imageToViewportZoom(zoom / scale), undefined, true);
  viewport.panTo(item.imageToViewportCoordinates(x * scale, y * scale), true);
}

function lookAt({ viewport, world }: Viewer, { x, y, width, height }: SlideRect, scale: number): void {
  const side = AROUND * Math.min(width, height);
  const [w, h] = [Math.max(side, 1.5 * width), Math.max(side, 1.5 * height)];
  const item = world.getItemAt(0);
  const [left, top] = [x + width / 2 - w / 2, y + height / 2 - h / 2];
  viewport.fitBounds(item.imageToViewportRectangle(left * scale, top * scale, w * scale, h * scale));
  // There is nothing around the slide to be seen.
  if (viewport.getZoom() < viewport.getHomeZoom()) viewport.goHome();
}

/** Straight from the browser: OpenSeadragon's own tracker reports moves later. Returns how to stop. */
function followPointer(viewer: Viewer, scale: number, onPoint: StageRequest['onPoint']): () => void {
  const { canvas } = viewer;
  const move = ({ clientX, clientY }: PointerEvent) => {
    const item = viewer.world.getItemAt(0);
    if (!item) return;
    const box = canvas.getBoundingClientRect();
    const pixel = viewer.viewport.getCenter(true).clone();
    pixel.x = clientX - box.left;
    pixel.y = clientY - box.top;
    const { x, y } = item.viewportToImageCoordinates(viewer.viewport.pointFromPixel(pixel, true));
    onPoint({ x: x / scale, y: y / scale });
  };
  const leave = () => onPoint(null);
  canvas.addEventListener('pointermove', move);
  canvas.addEventListener('pointerleave', leave);
  return () => {
    canvas.removeEventListener('pointermove', move);
    canvas.removeEventListener('pointerleave', leave);
  };
}
