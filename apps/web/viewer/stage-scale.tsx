/** The scale bar and the magnification, at the lower left. */
import { type LiveValue, useLiveValue } from './live-value.ts';
import type { StageView } from './open-stage.ts';
import { chooseScaleBar, describeMagnification } from './slide-measures.ts';

const WIDEST_PX = 140;

type StageScaleProps = { view: LiveValue<StageView | null>; micronsPerPixel: number | null };

export function StageScale({ view, micronsPerPixel }: StageScaleProps) {
  const zoom = useLiveValue(view, (now) => now?.zoom ?? null);
  if (zoom === null) return null;
  const bar = chooseScaleBar({ zoom, micronsPerPixel }, WIDEST_PX);
  return (
    <div className="pointer-events-none absolute bottom-2 left-2 flex items-end gap-3 rounded-md bg-surface/90 px-2 py-1 text-xs tabular-nums">
      <span className="text-center">
        {bar.text}
        <span
          className="block h-1.5 border border-t-0 border-foreground"
          style={{ width: bar.widthPx }}
          aria-hidden
        />
      </span>
      <span data-magnification>{describeMagnification({ zoom, micronsPerPixel })}</span>
    </div>
  );
}
