'use client';
/** One slide to move and zoom, with layers over it, what lies under the cursor, a scale bar, and tools. */
import { useEffect, useMemo, useRef, useState } from 'react';
import type { SlideColors } from '../tissue/use-slide-colors.ts';
import { createLiveValue } from './live-value.ts';
import { openStage, type SlideTiles, type Stage, type StageView } from './open-stage.ts';
import { indexPlaces, type SlideGrid, type SlideOutline, type SlideRect } from './slide-grid.ts';
import { composeLayers, type SlideLayer } from './slide-scene.ts';
import { StageFailure } from './stage-failure.tsx';
import { StageReadout } from './stage-readout.tsx';
import { StageScale } from './stage-scale.tsx';
import { StageTools } from './stage-tools.tsx';
import type { ViewSync } from './view-sync.ts';

type SlideStageProps = {
  /** Of the region, for screen readers and in a snapshot. */
  title: string;
  tiles: SlideTiles;
  micronsPerPixel: number | null;
  grid: SlideGrid | null;
  outlines: readonly SlideOutline[];
  compared: { first: SlideGrid; second: SlideGrid } | null;
  layers: readonly SlideLayer[];
  opacity: number;
  colors: SlideColors | undefined;
  positiveClass: string;
  /** Where to begin; changes later change nothing. */
  view: StageView | null;
  sync: ViewSync;
  marked: SlideRect | null;
  /** Looked at when it changes, by the view that leads. */
  target: SlideRect | null;
  onRest: (view: StageView) => void;
};

export function SlideStage(props: SlideStageProps) {
  const { title, micronsPerPixel, grid, positiveClass } = props;
  const box = useRef<HTMLDivElement>(null);
  const frame = useRef<HTMLElement>(null);
  const [attempt, setAttempt] = useState(0);
  const { stage, view, isLoading, failed, place } = useStage(props, box, attempt);
  useScene(props, stage);
  const places = useMemo(() => (grid ? indexPlaces(grid) : null), [grid]);
  return (
    <section
      ref={frame}
      aria-label={title}
      className="relative flex h-[62vh] min-h-80 lg:h-[calc(100vh-15.5rem)] flex-col contain-content overflow-hidden rounded-md border border-line bg-surface-muted [&:fullscreen]:rounded-none"
    >
      <div ref={box} className="min-h-0 flex-1" data-stage />
      {stage && (
        <StageTools stage={stage} frame={frame} title={title} view={view} micronsPerPixel={micronsPerPixel} />
      )}
      {stage && <StageScale view={view} micronsPerPixel={micronsPerPixel} />}
      <StageReadout
        place={place}
        grid={grid}
        places={places}
        micronsPerPixel={micronsPerPixel}
        positiveClass={positiveClass}
      />
      {isLoading && !failed && (
        <p
          role="status"
          className="absolute top-2 left-1/2 -translate-x-1/2 rounded-full border border-line bg-surface px-3 py-1 text-xs"
        >
          Loading tiles…
        </p>
      )}
      {failed && <StageFailure url={failed} onRetry={() => setAttempt(attempt + 1)} />}
    </section>
  );
}

/** Opens the stage, and again for other tiles or after a failure. */
function useStage(
  { tiles, view: first, sync, onRest }: SlideStageProps,
  box: React.RefObject<HTMLDivElement | null>,
  attempt: number,
) {
  const [stage, setStage] = useState<Stage | null>(null);
  const [isLoading, setLoading] = useState(true);
  const [failed, setFailed] = useState<string | null>(null);
  const view = useMemo(() => createLiveValue<StageView | null>(null), []);
  const place = useMemo(() => createLiveValue<{ x: number; y: number } | null>(null), []);
  const rest = useRef(onRest);
  rest.current = onRest;
  const start = useRef(first);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt opens it again
  useEffect(() => {
    if (!box.current) return;
    setLoading(true);
    setFailed(null);
    let isClosed = false;
    const opening = openStage({
      element: box.current,
      tiles,
      view: start.current,
      sync,
      onMove: (next) => {
        start.current = next;
        view.write(next);
      },
      onRest: (next) => rest.current(next),
      onLoading: setLoading,
      onFailed: setFailed,
      onPoint: place.write,
    });
    void opening.then((opened) => {
      if (!isClosed) setStage(opened);
    });
    return () => {
      isClosed = true;
      setStage(null);
      void opening.then((opened) => opened.close());
    };
  }, [box, tiles, sync, view, place, attempt]);
  return { stage, view, isLoading, failed, place };
}

/** Draws what is switched on, and goes to what is to be looked at. */
function useScene(props: SlideStageProps, stage: Stage | null): void {
  const { grid, outlines, compared, layers, colors, opacity, marked, target } = props;
  const drawn = useMemo(
    () => (colors ? composeLayers({ grid, outlines, compared, layers, colors }) : []),
    [grid, outlines, compared, layers, colors],
  );
  useEffect(() => {
    if (!stage) return;
    const { cellPx, columns, rows } = grid ?? { cellPx: 1, columns: 1, rows: 1 };
    stage.overlay.show({ cellPx, columns, rows, layers: drawn, opacity, marked });
  }, [stage, grid, drawn, opacity, marked]);
  useEffect(() => {
    if (stage && target) stage.lookAt(target);
  }, [stage, target]);
}
