/** Keeps several views of one slide on the same place: the one that the reader moves leads, the others follow. */
import type { Viewer } from 'openseadragon';

export type ViewSync = { join(viewer: Viewer): SyncMember };

type SyncMember = {
  /** Takes the lead, before a move that no hand on the picture causes. */
  lead(): void;
  leave(): void;
};

/**
 * Events that only the reader causes. A following view reports its moves too, some frames later, and must not lead by
 * them.
 */
const TAKEN_IN_HAND = [
  'canvas-press',
  'canvas-scroll',
  'canvas-pinch',
  'canvas-key',
  'navigator-click',
] as const;

export function createViewSync(): ViewSync {
  const viewers = new Set<Viewer>();
  let leader: Viewer | null = null;
  return {
    join(viewer) {
      const lead = () => {
        leader = viewer;
      };
      const report = () => {
        if (leader !== viewer) return;
        for (const other of viewers) if (other !== viewer) moveTo(other, viewer);
      };
      viewers.add(viewer);
      for (const name of TAKEN_IN_HAND) viewer.addHandler(name, lead);
      viewer.addHandler('viewport-change', report);
      viewer.addHandler('rotate', report);
      const leave = () => {
        viewers.delete(viewer);
        for (const name of TAKEN_IN_HAND) viewer.removeHandler(name, lead);
        viewer.removeHandler('viewport-change', report);
        viewer.removeHandler('rotate', report);
      };
      return { lead, leave };
    },
  };
}

function moveTo({ viewport }: Viewer, { viewport: wanted }: Viewer): void {
  viewport.zoomTo(wanted.getZoom(true), undefined, true);
  viewport.panTo(wanted.getCenter(true), true);
  viewport.setRotation(wanted.getRotation(true), true);
}
