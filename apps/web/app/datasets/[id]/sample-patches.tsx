'use client';
/** Patches of both classes side by side, drawn by a seed; another click draws others. */
import { useQuery } from '@apollo/client/react';
import { Shuffle } from 'lucide-react';
import { useState } from 'react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { SamplePatchesDocument, type SamplePatchesQuery } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

type Patch = NonNullable<SamplePatchesQuery['dataset']>['positive'][number];

const PATCHES_PER_CLASS = 24;

export function SamplePatches({ datasetId, positiveClass }: { datasetId: string; positiveClass: string }) {
  const [seed, setSeed] = useState(1);
  const query = useQuery(SamplePatchesDocument, {
    variables: { id: datasetId, seed, count: PATCHES_PER_CLASS },
  });
  const shown = query.data ?? query.previousData;
  const another = (
    <Button size="sm" onClick={() => setSeed(seed + 1)}>
      <Shuffle />
      Draw others
    </Button>
  );
  return (
    <Card title="Sample patches" note="As stored, at native size or larger." actions={another}>
      <QueryFrame
        {...query}
        data={shown?.dataset}
        missing="This dataset"
        skeleton={<Skeleton className="h-40" />}
      >
        {(dataset) => (
          <div className="grid gap-5 md:grid-cols-2">
            <PatchGrid title={`${positiveClass} (positive)`} patches={dataset.positive} />
            <PatchGrid title={`Not ${positiveClass}`} patches={dataset.negative} />
          </div>
        )}
      </QueryFrame>
    </Card>
  );
}

function PatchGrid({ title, patches }: { title: string; patches: readonly Patch[] }) {
  const toUrl = useFileUrl();
  return (
    <div>
      <h3 className="mb-1.5 text-xs font-medium text-muted-foreground">{title}</h3>
      <ul className="grid grid-cols-6 gap-1 sm:grid-cols-8">
        {patches.map((patch) => (
          <li key={patch.index}>
            {/* biome-ignore lint/performance/noImgElement: pictures of 50 px gain nothing from Next's image server */}
            <img
              src={toUrl(patch.imageUrl)}
              loading="lazy"
              alt={`Patient ${patch.patientKey} at x ${patch.x}, y ${patch.y}`}
              title={`Patient ${patch.patientKey} · x ${patch.x}, y ${patch.y}`}
              className="pixelated aspect-square w-full rounded-[2px] bg-surface-muted"
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
