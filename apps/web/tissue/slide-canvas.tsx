'use client';
/** A slide to drag and zoom, its tissue under the probabilities of a run; several can move together. */
import { useEffect, useRef, useState } from 'react';
import { useFileUrl } from '../api/api-provider.tsx';
import { nameOne, type UnitWords } from '../unit/unit-words.ts';
import { createHeatmapImage, openSlideViewer } from './open-slide-viewer.ts';
import { placeHeatmap } from './place-heatmap.ts';
import type { RunSlide } from './run-slides.ts';
import type { ViewSync } from './sync-views.ts';

type SlideCanvasProps = { runSlide: RunSlide; unit: UnitWords; opacity: number; sync?: ViewSync };

export function SlideCanvas({ runSlide, unit, opacity, sync }: SlideCanvasProps) {
  const toUrl = useFileUrl();
  const box = useRef<HTMLDivElement>(null);
  const heatmap = useRef<HTMLImageElement | null>(null);
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading');
  const { slide, heatmapUrl, heatmapCellPx, tissueUrl } = runSlide;
  const tissue = toUrl(tissueUrl);
  const overlay = heatmapUrl ? toUrl(heatmapUrl) : null;
  const { widthShare, heightShare } = placeHeatmap({ ...slide, cellPx: heatmapCellPx });
  // OpenSeadragon measures in picture widths.
  const overlayHeight = (heightShare * slide.heightPx) / Math.max(1, slide.widthPx);

  // biome-ignore lint/correctness/useExhaustiveDependencies: opacity is set by the next effect, without a new viewer
  useEffect(() => {
    if (!box.current) return;
    const image = overlay ? createHeatmapImage(overlay, opacity) : null;
    heatmap.current = image;
    const opening = openSlideViewer({
      element: box.current,
      tissueUrl: tissue,
      heatmap: image && { image, width: widthShare, height: overlayHeight },
      sync,
      onOpen: () => setState('open'),
      onFailed: () => setState('failed'),
    });
    return () => {
      heatmap.current = null;
      void opening.then((close) => close());
    };
  }, [tissue, overlay, widthShare, overlayHeight, sync]);

  useEffect(() => {
    if (heatmap.current) heatmap.current.style.opacity = String(opacity);
  }, [opacity]);

  return (
    <div className="relative min-h-0 flex-1 overflow-hidden rounded-md border border-line bg-surface-muted">
      <div
        ref={box}
        role="img"
        aria-label={`Tissue of ${nameOne(unit, slide.patient.key)} under its probabilities`}
        className="size-full"
      />
      {state !== 'open' && (
        <p role="status" className="absolute inset-0 grid place-items-center text-sm text-muted-foreground">
          {state === 'loading' ? 'Loading the slide…' : 'The picture of this slide could not be loaded.'}
        </p>
      )}
    </div>
  );
}
