'use client';
/** One slide large: drag, wheel and pinch to zoom, the heatmap's cells kept sharp. */
import { LockKeyhole } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { SubsetMark } from '../../../components/subset-mark.tsx';
import { formatMetric } from '../../../format/format-number.ts';
import { Dialog } from '../../../ui/dialog.tsx';
import { Slider } from '../../../ui/slider.tsx';
import { ColorBar } from './color-bar.tsx';
import { createHeatmapImage, openSlideViewer } from './open-slide-viewer.ts';
import { placeHeatmap } from './place-heatmap.ts';
import type { RunSlide } from './slide-picture.tsx';

type SlideViewerProps = {
  runSlide: RunSlide;
  patchSizePx: number;
  positiveClass: string;
  opacity: number;
  onOpacityChange: (opacity: number) => void;
  onClose: () => void;
};

export function SlideViewer({
  runSlide,
  patchSizePx,
  positiveClass,
  opacity,
  onOpacityChange,
  onClose,
}: SlideViewerProps) {
  const { slide, subset, sealed, auc } = runSlide;
  return (
    <Dialog
      title={`Patient ${slide.patient.key}`}
      open
      onOpenChange={(next) => !next && onClose()}
      className="h-[92vh] max-w-[84rem]"
    >
      <div className="flex h-[calc(92vh-6.5rem)] flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
          {subset && <SubsetMark subset={subset} />}
          {sealed && (
            <span className="flex items-center gap-1.5 text-sm text-muted-foreground">
              <LockKeyhole className="size-4" aria-hidden /> TEST is sealed: no heatmap
            </span>
          )}
          {!sealed && runSlide.heatmapUrl && (
            <span className="text-sm">
              AUC of {positiveClass}: <b>{formatMetric(auc)}</b>
            </span>
          )}
          <span className="flex items-center gap-2 text-xs text-muted-foreground">
            Heatmap opacity
            <Slider value={opacity} onChange={onOpacityChange} label="Heatmap opacity, large view" />
          </span>
          <ColorBar positiveClass={positiveClass} />
        </div>
        <SlideCanvas runSlide={runSlide} patchSizePx={patchSizePx} opacity={opacity} />
      </div>
    </Dialog>
  );
}

type SlideCanvasProps = { runSlide: RunSlide; patchSizePx: number; opacity: number };

function SlideCanvas({ runSlide, patchSizePx, opacity }: SlideCanvasProps) {
  const toUrl = useFileUrl();
  const box = useRef<HTMLDivElement>(null);
  const heatmap = useRef<HTMLImageElement | null>(null);
  const [state, setState] = useState<'loading' | 'open' | 'failed'>('loading');
  const { slide, heatmapUrl, tissueUrl } = runSlide;
  const tissue = toUrl(tissueUrl);
  const overlay = heatmapUrl ? toUrl(heatmapUrl) : null;
  const { widthShare, heightShare } = placeHeatmap({ ...slide, patchSizePx });
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
      onOpen: () => setState('open'),
      onFailed: () => setState('failed'),
    });
    return () => {
      heatmap.current = null;
      void opening.then((close) => close());
    };
  }, [tissue, overlay, widthShare, overlayHeight]);

  useEffect(() => {
    if (heatmap.current) heatmap.current.style.opacity = String(opacity);
  }, [opacity]);

  return (
    <div className="relative min-h-0 flex-1 overflow-hidden rounded-md border border-line bg-surface-muted">
      <div
        ref={box}
        role="img"
        aria-label={`Tissue of patient ${slide.patient.key} under its probabilities`}
        className="size-full"
      />
      {state !== 'open' && (
        <p role="status" className="absolute inset-0 grid place-items-center text-sm text-muted-foreground">
          {state === 'loading'
            ? 'Putting the patches in place…'
            : 'The picture of this slide could not be loaded.'}
        </p>
      )}
    </div>
  );
}
