'use client';
/** The patches of an evaluation that are most worth a look, as pictures. Each leads to its place on the slide. */
import { useQuery } from '@apollo/client/react';
import Link from 'next/link';
import { linkToViewer } from '../address/page-addresses.ts';
import { useFileUrl } from '../api/api-provider.tsx';
import { describeError } from '../api/error-sentence.ts';
import { formatMetric } from '../format/format-number.ts';
import { TellingPatchesDocument, type TellingPatchFactsFragment } from '../graphql/generated/graphql.ts';
import { Card } from '../ui/card.tsx';
import { Skeleton } from '../ui/skeleton.tsx';

type TellingPatchesProps = { runId: string; subset: string; positiveClass: string; threshold: number };

/** Pixels of the screen for one of the patch, where the viewer opens at it. */
const VIEWER_ZOOM = 2;

export function TellingPatchesOfRun({ runId, subset, positiveClass, threshold }: TellingPatchesProps) {
  const query = useQuery(TellingPatchesDocument, { variables: { id: runId } });
  const found = query.data?.run?.evaluations.find((one) => one.subset === subset);
  const shown = { runId, positiveClass };
  return (
    <Card
      title="Patches to look at"
      note={`Of ${subset}, at the threshold of ${formatMetric(threshold)}. Below each: its true class and its probability of ${positiveClass}. A click leads to the place on the slide.`}
    >
      {!found && !query.error && <Skeleton className="h-28" />}
      {query.error && <p className="text-sm text-danger">{describeError(query.error)}</p>}
      {found && (
        <div className="grid gap-5 xl:grid-cols-2">
          <PatchList
            {...shown}
            title="Most certain and wrong"
            patches={found.errors}
            nothing="No patch is called wrong."
          />
          <PatchList
            {...shown}
            title="Nearest to the threshold"
            patches={found.uncertain}
            nothing="There is no patch."
          />
        </div>
      )}
    </Card>
  );
}

type PatchListProps = Pick<TellingPatchesProps, 'runId' | 'positiveClass'> & {
  title: string;
  patches: readonly TellingPatchFactsFragment[];
  nothing: string;
};

function PatchList({ title, patches, nothing, ...shown }: PatchListProps) {
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="mb-1.5 text-xs font-medium text-muted-foreground">{title}</h3>
      {patches.length === 0 ? (
        <p className="text-sm text-muted-foreground">{nothing}</p>
      ) : (
        <ol className="grid grid-cols-3 gap-2 sm:grid-cols-6">
          {patches.map((patch) => (
            <li key={patch.index} className="min-w-0">
              <OnePatch {...shown} patch={patch} />
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

type OnePatchProps = Pick<PatchListProps, 'runId' | 'positiveClass'> & { patch: TellingPatchFactsFragment };

function OnePatch({ runId, positiveClass, patch }: OnePatchProps) {
  const toUrl = useFileUrl();
  const { patientKey, className, probability, isCalled, imageUrl } = patch;
  const call = isCalled ? `called ${positiveClass}` : `not called ${positiveClass}`;
  return (
    <Link href={linkToPatch(runId, patch)} className="block rounded-sm text-xs hover:text-accent">
      {/* biome-ignore lint/performance/noImgElement: pictures of 50 px gain nothing from Next's image server */}
      <img
        src={toUrl(imageUrl)}
        loading="lazy"
        alt={`Patch of ${patientKey}`}
        className="pixelated aspect-square w-full rounded-[2px] bg-surface-muted"
      />
      <span className="mt-1 block truncate font-medium" title={patientKey}>
        {patientKey}
      </span>
      <span className="block truncate">{className}</span>
      <span className="block text-muted-foreground" title={call}>
        {formatMetric(probability)} <span className="sr-only">{call}</span>
      </span>
    </Link>
  );
}

function linkToPatch(runId: string, patch: TellingPatchFactsFragment): string {
  const { slideId: slide, x, y, widthPx, heightPx } = patch;
  if (x == null || y == null) return linkToViewer({ run: runId, slide });
  return linkToViewer({ run: runId, slide, x: x + widthPx / 2, y: y + heightPx / 2, zoom: VIEWER_ZOOM });
}
