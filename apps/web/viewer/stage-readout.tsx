/** What lies under the cursor: the place, the probability, the label, and the patch itself enlarged. */
import { useEffect, useState } from 'react';
import { useFileUrl } from '../api/api-provider.tsx';
import { formatMetric } from '../format/format-number.ts';
import { type LiveValue, useLiveValue } from './live-value.ts';
import { nameOutcome, type PlaceIndex, type SlideGrid } from './slide-grid.ts';
import { describePlace } from './slide-measures.ts';

type StageReadoutProps = {
  place: LiveValue<{ x: number; y: number } | null>;
  grid: SlideGrid | null;
  places: PlaceIndex | null;
  micronsPerPixel: number | null;
  positiveClass: string;
};

/** A cursor that moves on sooner asks for no picture. */
const PICTURE_AFTER_MS = 60;

export function StageReadout({ place: live, grid, places, ...words }: StageReadoutProps) {
  const { micronsPerPixel, positiveClass } = words;
  const place = useLiveValue(live, (now) => now);
  if (!place) return null;
  const at = places?.find(place.x, place.y) ?? null;
  return (
    <div
      data-readout
      className="pointer-events-none absolute bottom-12 left-2 flex items-center gap-3 rounded-md border border-line bg-surface/95 p-2 text-xs tabular-nums"
    >
      {grid && at !== null && <PatchPicture grid={grid} at={at} />}
      <dl className="grid grid-cols-[auto_auto] gap-x-3 gap-y-0.5 [&_dt]:text-muted-foreground">
        <dt>Place</dt>
        <dd>{describePlace(place, micronsPerPixel)}</dd>
        {grid && at !== null && <PatchFacts grid={grid} at={at} positiveClass={positiveClass} />}
      </dl>
    </div>
  );
}

function PatchPicture({ grid, at }: { grid: SlideGrid; at: number }) {
  const toUrl = useFileUrl();
  const [rested, setRested] = useState<number | null>(null);
  useEffect(() => {
    const resting = setTimeout(() => setRested(at), PICTURE_AFTER_MS);
    return () => clearTimeout(resting);
  }, [at]);
  const look = 'size-24 rounded-sm border border-line bg-surface-muted';
  // The picture of another patch would be a lie.
  if (rested !== at) return <span className={look} aria-hidden />;
  return (
    // biome-ignore lint/performance/noImgElement: drawn by the API, its pixels are to be seen
    <img
      src={toUrl(grid.patchUrl.replace('{index}', String(grid.indexes[at])))}
      alt=""
      className={`pixelated object-contain ${look}`}
    />
  );
}

function PatchFacts({ grid, at, positiveClass }: { grid: SlideGrid; at: number; positiveClass: string }) {
  const probability = grid.probabilities[at] ?? null;
  const outcome = nameOutcome(grid, at);
  return (
    <>
      <dt>Patch</dt>
      <dd>{grid.indexes[at]}</dd>
      <dt>Probability</dt>
      <dd>{probability === null ? 'not predicted' : formatMetric(probability)}</dd>
      <OtherReading title="In context" value={grid.context?.probabilities[at]} />
      <OtherReading title="Patch alone" value={grid.own?.probabilities[at]} />
      {grid.labels && (
        <>
          <dt>Label</dt>
          <dd>{grid.labels[at] === 1 ? positiveClass : `not ${positiveClass}`}</dd>
        </>
      )}
      {outcome && (
        <>
          <dt>Call</dt>
          <dd>{outcome}</dd>
        </>
      )}
    </>
  );
}

/** Nothing where the patch has no such reading. */
function OtherReading({ title, value }: { title: string; value: number | null | undefined }) {
  if (typeof value !== 'number') return null;
  return (
    <>
      <dt>{title}</dt>
      <dd>{formatMetric(value)}</dd>
    </>
  );
}
