'use client';
/** The slides of a run, of one subset or of all: patches in place under its heatmap. */
import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { linkToViewer } from '../../../address/page-addresses.ts';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { type RunPageFragment, RunSlidesDocument, type Subset } from '../../../graphql/generated/graphql.ts';
import type { OnSplit } from '../../../run/run-on-split.ts';
import { SlideGallery } from '../../../tissue/slide-gallery.tsx';
import { Select } from '../../../ui/field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { nameIndependent } from '../../../unit/unit-words.ts';

export function TissuePanel({ run }: { run: OnSplit<RunPageFragment> }) {
  const [subset, setSubset] = useState<Subset | null>(null);
  const query = useQuery(RunSlidesDocument, { variables: { id: run.id, subset } });
  const data = query.data ?? query.previousData;
  return (
    <SlideGallery
      slides={data?.run?.slides ?? []}
      positiveClass={run.task.positiveName}
      threshold={run.threshold ?? null}
      unit={run.dataset.unit}
      toHref={(slide) => linkToViewer({ run: run.id, slide })}
      nothing="This run’s dataset has no slide in this subset."
      choices={<SubsetChoice units={nameIndependent(run.dataset.unit)} value={subset} onChange={setSubset} />}
      waiting={
        data ? undefined : (
          <QueryFrame {...query} skeleton={<Skeleton className="h-72" />}>
            {() => null}
          </QueryFrame>
        )
      }
    />
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
