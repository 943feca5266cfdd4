'use client';
/** The slide once, or twice side by side in step under two runs; its layers; and the walk through what is worth a look. */
import { useQuery } from '@apollo/client/react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import type { ViewerAddress } from '../../address/page-addresses.ts';
import { ErrorState } from '../../components/query-frame.tsx';
import { ViewerRunDocument } from '../../graphql/generated/graphql.ts';
import { useSlideColors } from '../../tissue/use-slide-colors.ts';
import { LayerBar } from '../../viewer/layer-bar.tsx';
import type { SlideTiles, StageView } from '../../viewer/open-stage.ts';
import { listLayers } from '../../viewer/slide-scene.ts';
import { SlideStage } from '../../viewer/slide-stage.tsx';
import { createViewSync } from '../../viewer/view-sync.ts';
import { placeWalked, readStep, stepOn, type Walked } from '../../viewer/walk.ts';
import { nameStage } from './name-stage.ts';
import { useSlideGrid } from './use-slide-grid.ts';
import { useSlideOutlines } from './use-slide-outlines.ts';
import type { ChangeAddress, FoundSlide, ViewerSource } from './use-viewer-source.ts';
import { WalkLine } from './walk-line.tsx';

type ViewedStagesProps = {
  slide: FoundSlide;
  tiles: SlideTiles;
  source: ViewerSource;
  /** TEST of a run that is not opened: the tissue alone is shown. */
  isSealed: boolean;
  address: ViewerAddress;
  onChange: ChangeAddress;
};

const DECIMALS = 1000;

export function ViewedStages({ slide, tiles, source, isSealed, address, onChange }: ViewedStagesProps) {
  const shown = useShown({ source, slideId: slide.id, other: address.other, isSealed });
  const { first, second, outlines, state, secondName } = shown;
  const colors = useSlideColors();
  const sync = useMemo(createViewSync, []);
  const [walked, setWalked] = useState<Walked | null>(null);
  const target = useMemo(() => (first && walked ? placeWalked(first, walked) : null), [first, walked]);
  const compared = useMemo(() => (first && second ? { first, second } : null), [first, second]);
  const walk = (event: KeyboardEvent) => {
    const step = readStep(event.key);
    if (!step || !first || !(event.target as Element).closest('[data-stage]')) return;
    // The viewer beneath would move by it.
    event.stopPropagation();
    event.preventDefault();
    setWalked(stepOn(first, walked, step));
  };
  const shared = {
    tiles,
    micronsPerPixel: slide.micronsPerPixel ?? null,
    outlines,
    compared,
    layers: address.layers,
    opacity: address.opacity,
    colors,
    positiveClass: source.positiveClass,
    view: readView(address),
    sync,
    marked: target,
    onRest: (view: StageView) => onChange(writeView(view)),
  };
  return (
    <div onKeyDownCapture={walk}>
      {state.error ? <ErrorState error={state.error} onRetry={state.refetch} /> : null}
      <LayerBar
        available={shown.available}
        layers={address.layers}
        onLayersChange={(layers) => onChange({ layers })}
        opacity={address.opacity}
        onOpacityChange={(opacity) => onChange({ opacity })}
        positiveClass={source.positiveClass}
        outlines={outlines}
        grids={[first, second].filter((grid) => grid !== null)}
        colors={colors}
      />
      <div className={address.other ? 'grid gap-3 lg:grid-cols-2' : ''}>
        <SlideStage {...shared} title={nameStage(slide, source.name)} grid={first} target={target} />
        {address.other && (
          <SlideStage {...shared} title={nameStage(slide, secondName)} grid={second} target={null} />
        )}
      </div>
      <WalkLine
        grid={first}
        walked={walked}
        micronsPerPixel={shared.micronsPerPixel}
        isLoading={state.isLoading}
        onStep={(kind, by) => first && setWalked(stepOn(first, walked, { kind, by }))}
      />
    </div>
  );
}

type ShownRequest = Pick<ViewedStagesProps, 'source' | 'isSealed'> & { slideId: string; other: string };

function useShown({ source, slideId, other, isSealed }: ShownRequest) {
  const first = useSlideGrid(source, slideId);
  const second = useSlideGrid({ kind: 'RUN', id: other }, slideId);
  const run = useQuery(ViewerRunDocument, { variables: { id: other }, skip: !other });
  // A slide that was only analysed is of no dataset, and nothing was drawn on it.
  const outlines = useSlideOutlines(source.kind === 'ANALYSIS' ? null : slideId, isSealed);
  return {
    first: first.grid,
    second: second.grid,
    outlines,
    available: listLayers({
      grid: first.grid,
      hasSecond: second.grid !== null,
      hasOutlines: outlines.length > 0,
    }),
    secondName: run.data?.run?.name ?? 'second run',
    state: second.error ? second : first,
  };
}

function readView({ x, y, zoom, turn }: ViewerAddress): StageView | null {
  return x === null || y === null || zoom === null ? null : { x, y, zoom, turn };
}

/** As many digits as a reader can see. */
function writeView({ x, y, zoom, turn }: StageView) {
  const degrees = ((Math.round(turn) % 360) + 360) % 360;
  return { x: Math.round(x), y: Math.round(y), zoom: Math.round(zoom * DECIMALS) / DECIMALS, turn: degrees };
}
