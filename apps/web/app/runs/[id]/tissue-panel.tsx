'use client';
/** The slides of a run: patches in place under its heatmap, with one slider and one colour bar for all. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { type RunPageFragment, RunSlidesDocument, type Subset } from '../../../graphql/generated/graphql.ts';
import { HeatmapBar } from '../../../tissue/heatmap-bar.tsx';
import { arrangeSlides, isPlaced } from '../../../tissue/run-slides.ts';
import { SlidePicture } from '../../../tissue/slide-picture.tsx';
import { SlideViewer } from '../../../tissue/slide-viewer.tsx';
import { Button } from '../../../ui/button.tsx';
import { Select } from '../../../ui/field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { nameIndependent } from '../../../unit/unit-words.ts';

const SLIDES_PER_PAGE = 24;
const FIRST_OPACITY = 0.55;

export function TissuePanel({ run }: { run: RunPageFragment }) {
  const [subset, setSubset] = useState<Subset | null>(null);
  const [opacity, setOpacity] = useState(FIRST_OPACITY);
  const [shown, setShown] = useState(SLIDES_PER_PAGE);
  const [openId, setOpenId] = useState<string | null>(null);
  const query = useQuery(RunSlidesDocument, { variables: { id: run.id, subset } });
  const found = (query.data ?? query.previousData)?.run?.slides ?? [];
  const slides = arrangeSlides(found.filter(isPlaced));
  const open = slides.find(({ slide }) => slide.id === openId);
  const { positiveName: positiveClass } = run.task;
  return (
    <>
      <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
        <SubsetChoice units={nameIndependent(run.dataset.unit)} value={subset} onChange={setSubset} />
        <HeatmapBar opacity={opacity} positiveClass={positiveClass} onOpacityChange={setOpacity} />
      </div>
      <QueryFrame {...query} data={query.data ?? query.previousData} skeleton={<Skeleton className="h-72" />}>
        {() =>
          slides.length === 0 ? (
            <EmptyState title="No slides">
              {found.length > 0
                ? 'The source of this dataset does not tell where its patches lie: they cannot be put back in place.'
                : 'This run’s dataset has no slide in this subset.'}
            </EmptyState>
          ) : (
            <ul className="grid grid-cols-2 gap-3 sm:grid-cols-3 lg:grid-cols-4 xl:grid-cols-6">
              {slides.slice(0, shown).map((one) => (
                <SlidePicture
                  key={one.slide.id}
                  runSlide={one}
                  unit={run.dataset.unit}
                  opacity={opacity}
                  onOpen={() => setOpenId(one.slide.id)}
                />
              ))}
            </ul>
          )
        }
      </QueryFrame>
      {slides.length > shown && (
        <div className="mt-4 flex justify-center">
          <Button onClick={() => setShown(shown + SLIDES_PER_PAGE)}>
            Show more ({shown} of {slides.length} slides)
          </Button>
        </div>
      )}
      {open && (
        <SlideViewer
          runSlide={open}
          unit={run.dataset.unit}
          positiveClass={positiveClass}
          opacity={opacity}
          onOpacityChange={setOpacity}
          onClose={() => setOpenId(null)}
        />
      )}
    </>
  );
}

type SubsetChoiceProps = {
  units: string;
  value: Subset | null;
  onChange: (subset: Subset | null) => void;
};

function SubsetChoice({ units, value, onChange }: SubsetChoiceProps) {
  return (
    <Select
      aria-label="Subset"
      className="w-44"
      value={value ?? ''}
      onChange={(event) => onChange(event.target.value === '' ? null : (event.target.value as Subset))}
    >
      <option value="">All {units}</option>
      <option value="VALIDATION">VALIDATION</option>
      <option value="TEST">TEST</option>
      <option value="TRAIN">TRAIN</option>
    </Select>
  );
}
