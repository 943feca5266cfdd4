/** Opens OpenSeadragon on a slide's tissue with the heatmap lying over it. The library loads only here, on demand. */
import type { ViewSync } from './sync-views.ts';

type SlideViewerRequest = {
  element: HTMLElement;
  tissueUrl: string;
  /** Null where there is no heatmap: TRAIN, or a sealed TEST. Its place is in units of the tissue's width. */
  heatmap: { image: HTMLImageElement; width: number; height: number } | null;
  /** Moves together with the other views that joined it. */
  sync?: ViewSync;
  onOpen: () => void;
  onFailed: () => void;
};

const LARGEST_ZOOM = 12;

/** Returns how to close it. */
export async function openSlideViewer(request: SlideViewerRequest): Promise<() => void> {
  const { element, tissueUrl, heatmap, sync, onOpen, onFailed } = request;
  const { default: openSeadragon } = await import('openseadragon');
  const viewer = openSeadragon({
    element,
    tileSources: { type: 'image', url: tissueUrl },
    showNavigationControl: false,
    drawer: 'canvas',
    maxZoomPixelRatio: LARGEST_ZOOM,
    visibilityRatio: 0.4,
    animationTime: 0.4,
  });
  let leave: (() => void) | undefined;
  // The viewer has its scale only once the picture is open; an overlay added earlier would keep another.
  viewer.addOnceHandler('open', () => {
    if (heatmap) {
      const location = new openSeadragon.Rect(0, 0, heatmap.width, heatmap.height);
      viewer.addOverlay({ element: heatmap.image, location });
    }
    leave = sync?.join(viewer);
    onOpen();
  });
  viewer.addOnceHandler('open-failed', onFailed);
  return () => {
    leave?.();
    viewer.destroy();
  };
}

/** An element over the canvas rather than a second image in it: the browser then keeps its cells sharp at any zoom. */
export function createHeatmapImage(url: string, opacity: number): HTMLImageElement {
  const image = document.createElement('img');
  image.src = url;
  image.alt = '';
  // Zoomed in, it is wider than its box: the style sheet's largest width for pictures would move it off the tissue.
  image.className = 'pixelated pointer-events-none max-w-none';
  image.style.opacity = String(opacity);
  return image;
}
