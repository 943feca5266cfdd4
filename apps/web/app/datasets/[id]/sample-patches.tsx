'use client';
/** Patches of each class, drawn by a seed; another click draws others. */
import { useQuery } from '@apollo/client/react';
import { Shuffle } from 'lucide-react';
import { useState } from 'react';
import { useFileUrl } from '../../../api/api-provider.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { SamplePatchesDocument, type SamplePatchesQuery } from '../../../graphql/generated/graphql.ts';
import { Button } from '../../../ui/button.tsx';
import { Card } from '../../../ui/card.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';

type Patch = NonNullable<SamplePatchesQuery['dataset']>['samplePatches'][number];
type NamedClass = { position: number; name: string; patchCount: number };

const PATCHES_PER_CLASS = 24;
/** With more classes fewer patches of each fit on a page. */
const PATCHES_OF_MANY = 8;
const MANY_CLASSES = 4;

export function SamplePatches({ datasetId, classes }: { datasetId: string; classes: readonly NamedClass[] }) {
  const [seed, setSeed] = useState(1);
  const count = classes.length > MANY_CLASSES ? PATCHES_OF_MANY : PATCHES_PER_CLASS;
  const another = (
    <Button size="sm" onClick={() => setSeed(seed + 1)}>
      <Shuffle />
      Draw others
    </Button>
  );
  return (
    <Card title="Sample patches" note="As stored, at native size or larger." actions={another}>
      <div className="grid gap-5 md:grid-cols-2">
        {classes
          .filter(({ patchCount }) => patchCount > 0)
          .map((own) => (
            <ClassSample key={own.position} request={{ id: datasetId, seed, count }} ofClass={own} />
          ))}
      </div>
    </Card>
  );
}

type ClassSampleProps = { request: { id: string; seed: number; count: number }; ofClass: NamedClass };

function ClassSample({ request, ofClass: { position, name } }: ClassSampleProps) {
  const query = useQuery(SamplePatchesDocument, { variables: { ...request, classPosition: position } });
  const shown = query.data ?? query.previousData;
  return (
    <QueryFrame
      {...query}
      data={shown?.dataset}
      missing="This dataset"
      skeleton={<Skeleton className="h-24" />}
    >
      {(dataset) => <PatchGrid title={name} patches={dataset.samplePatches} />}
    </QueryFrame>
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
              alt={describePlace(patch)}
              title={describePlace(patch)}
              className="pixelated aspect-square w-full rounded-[2px] bg-surface-muted"
            />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Where the source tells no place, the number within the dataset. */
function describePlace({ patientKey, x, y, index }: Patch): string {
  return x === null || y === null ? `Patch ${index} of ${patientKey}` : `${patientKey}, x ${x}, y ${y}`;
}
