/** Keeps several views of one slide on the same place: the one that the reader moves leads, the others follow. */
import type { Viewer } from 'openseadragon';

export type ViewSync = {
  /** Returns how to leave. */
  join(viewer: Viewer): () => void;
};

/**
 * Events that only the reader causes. A following view reports its moves too, some frames later, and must not lead by
 * them.
 */
const TAKEN_IN_HAND = ['canvas-press', 'canvas-scroll', 'canvas-pinch', 'canvas-key'] as const;

export function createViewSync(): ViewSync {
  const viewers = new Set<Viewer>();
  let leader: Viewer | null = null;
  return {
    join(viewer) {
      const take = () => {
        leader = viewer;
      };
      const report = () => {
        if (leader !== viewer) return;
        for (const other of viewers) if (other !== viewer) moveTo(other, viewer);
      };
      viewers.add(viewer);
      for (const name of TAKEN_IN_HAND) viewer.addHandler(name, take);
      viewer.addHandler('viewport-change', report);
      return () => {
        viewers.delete(viewer);
        for (const name of TAKEN_IN_HAND) viewer.removeHandler(name, take);
        viewer.removeHandler('viewport-change', report);
      };
    },
  };
}

function moveTo({ viewport }: Viewer, { viewport: wanted }: Viewer): void {
  viewport.zoomTo(wanted.getZoom(true), undefined, true);
  viewport.panTo(wanted.getCenter(true), true);
}
