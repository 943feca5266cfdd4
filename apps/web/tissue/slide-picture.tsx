'use client';
/** One slide's tissue with the heatmap over it; it leads to the viewer. */
import { LockKeyhole } from 'lucide-react';
import Link from 'next/link';
import { useFileUrl } from '../api/api-provider.tsx';
import { formatCount, formatMetric } from '../format/format-number.ts';
import { titleShortly } from '../metrics/metric-catalogue.ts';
import { useMetricCatalogue } from '../metrics/metric-catalogue-provider.tsx';
import { SubsetMark } from '../split/subset-mark.tsx';
import { nameOne, type UnitWords } from '../unit/unit-words.ts';
import { type HeatmapPlacement, placeHeatmap } from './place-heatmap.ts';
import type { RunSlide } from './run-slides.ts';

type SlidePictureProps = { runSlide: RunSlide; unit: UnitWords; opacity: number; href: string };

export function SlidePicture({ runSlide, unit, opacity, href }: SlidePictureProps) {
  const catalogue = useMetricCatalogue();
  const toUrl = useFileUrl();
  const { slide, subset, heatmapUrl, heatmapCellPx, sealed, auc } = runSlide;
  return (
    <li className="overflow-hidden rounded-lg border border-line bg-surface">
      <Link href={href} className="relative block w-full text-left">
        <span className="sr-only">{`Open tissue of ${nameOne(unit, slide.patient.key)}`}</span>
        <span className="flex aspect-square items-center justify-center bg-surface-muted p-2">
          <span className="relative max-h-full max-w-full" style={fitInSquare(slide)}>
            {/* biome-ignore lint/performance/noImgElement: drawn by the API, already small */}
            <img
              src={toUrl(slide.thumbnailUrl)}
              loading="lazy"
              alt=""
              className="absolute inset-0 size-full"
            />
            {heatmapUrl && (
              // biome-ignore lint/performance/noImgElement: one pixel a patch, must not be resampled
              <img
                src={toUrl(heatmapUrl)}
                loading="lazy"
                alt={`Probabilities on ${nameOne(unit, slide.patient.key)}`}
                className="pixelated absolute top-0 left-0 max-w-none"
                style={{ ...stretch(placeHeatmap({ ...slide, cellPx: heatmapCellPx })), opacity }}
              />
            )}
          </span>
        </span>
        <span className="block truncate px-2.5 pt-2 text-sm font-medium">{slide.patient.key}</span>
        {subset && (
          <span className="block px-2.5">
            <SubsetMark subset={subset} />
          </span>
        )}
        <span className="flex items-center gap-1 px-2.5 pb-2 text-xs text-muted-foreground">
          {sealed ? (
            <>
              <LockKeyhole className="size-3" aria-hidden />
              sealed
            </>
          ) : heatmapUrl ? (
            `${titleShortly(catalogue, 'auc')} ${formatMetric(auc)} · ${formatCount(runSlide.patches)} patches`
          ) : (
            'tissue only'
          )}
        </span>
      </Link>
    </li>
  );
}

function stretch({ widthShare, heightShare }: HeatmapPlacement) {
  return { width: `${widthShare * 100}%`, height: `${heightShare * 100}%` };
}

/** The picture's own proportions inside a square box. */
function fitInSquare({ widthPx, heightPx }: { widthPx: number; heightPx: number }) {
  const longest = Math.max(1, widthPx, heightPx);
  return { width: `${(widthPx / longest) * 100}%`, height: `${(heightPx / longest) * 100}%` };
}
