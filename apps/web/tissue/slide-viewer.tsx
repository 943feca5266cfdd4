'use client';
/** One slide large: drag, wheel and pinch to zoom, the heatmap's cells kept sharp. */
import { LockKeyhole } from 'lucide-react';
import { formatMetric } from '../format/format-number.ts';
import { SubsetMark } from '../split/subset-mark.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { titleUnit, type UnitWords } from '../unit/unit-words.ts';
import { HeatmapBar } from './heatmap-bar.tsx';
import type { RunSlide } from './run-slides.ts';
import { SlideCanvas } from './slide-canvas.tsx';

type SlideViewerProps = {
  runSlide: RunSlide;
  unit: UnitWords;
  positiveClass: string;
  threshold: number | null;
  opacity: number;
  onOpacityChange: (opacity: number) => void;
  onClose: () => void;
};

export function SlideViewer({
  runSlide,
  unit,
  positiveClass,
  threshold,
  opacity,
  onOpacityChange,
  onClose,
}: SlideViewerProps) {
  const { slide, subset, sealed, auc } = runSlide;
  return (
    <Dialog
      title={titleUnit(unit, slide.patient.key)}
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
          <HeatmapBar
            opacity={opacity}
            onOpacityChange={onOpacityChange}
            positiveClass={positiveClass}
            threshold={threshold}
            label="Heatmap opacity, large view"
          />
        </div>
        <SlideCanvas runSlide={runSlide} unit={unit} opacity={opacity} />
      </div>
    </Dialog>
  );
}
