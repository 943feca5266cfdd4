'use client';
/** One slide twice, side by side, with the heatmaps of two runs; moving one moves the other. */
import { useQuery } from '@apollo/client/react';
import { useQueryStates } from 'nuqs';
import { useMemo, useState } from 'react';
import { COMPARED_SLIDE_PARAMETERS, linkToComparison, linkToRun } from '../../../address/page-addresses.ts';
import { PageHeader } from '../../../components/page-header.tsx';
import { QueryFrame } from '../../../components/query-frame.tsx';
import { TextLink } from '../../../components/text-link.tsx';
import { formatMetric } from '../../../format/format-number.ts';
import { ComparedSlideDocument, type ComparedSlideQuery } from '../../../graphql/generated/graphql.ts';
import { known } from '../../../run/run-on-split.ts';
import { SubsetMark } from '../../../split/subset-mark.tsx';
import { HeatmapBar } from '../../../tissue/heatmap-bar.tsx';
import { isPlaced } from '../../../tissue/run-slides.ts';
import { SlideCanvas } from '../../../tissue/slide-canvas.tsx';
import { createViewSync, type ViewSync } from '../../../tissue/sync-views.ts';
import { Card } from '../../../ui/card.tsx';
import { titleUnit } from '../../../unit/unit-words.ts';

type ComparedRun = NonNullable<ComparedSlideQuery['run']>;

const FIRST_OPACITY = 0.55;

export function ComparedSlideView() {
  const [{ a, b, slide: slideId }] = useQueryStates(COMPARED_SLIDE_PARAMETERS);
  const first = useQuery(ComparedSlideDocument, { variables: { id: a }, skip: !a });
  const second = useQuery(ComparedSlideDocument, { variables: { id: b }, skip: !b });
  const [opacity, setOpacity] = useState(FIRST_OPACITY);
  const sync = useMemo(createViewSync, []);
  const runs = [first.data?.run, second.data?.run];
  const found = runs[0]?.slides.find(({ slide }) => slide.id === slideId);
  const positiveClass = runs[0]?.task?.positiveName ?? 'the positive class';
  return (
    <QueryFrame
      {...first}
      error={first.error ?? second.error}
      loading={first.loading || second.loading}
      data={(runs[0] && runs[1] && found) || null}
      missing="This slide under these two runs"
    >
      {({ slide, subset }) => (
        <>
          <PageHeader
            title={runs[0]?.dataset ? titleUnit(runs[0].dataset.unit, slide.patient.key) : slide.patient.key}
            note="The same slide with the heatmaps of both runs. Drag or zoom one, and the other follows."
          />
          <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
            {subset && <SubsetMark subset={subset} />}
            <TextLink href={linkToComparison([a, b])}>back to the comparison</TextLink>
            <HeatmapBar
              opacity={opacity}
              positiveClass={positiveClass}
              threshold={null}
              onOpacityChange={setOpacity}
            />
          </div>
          <div className="grid gap-4 lg:grid-cols-2">
            {runs.map((run) =>
              run ? (
                <RunSlideCard key={run.id} run={run} slideId={slide.id} opacity={opacity} sync={sync} />
              ) : null,
            )}
          </div>
        </>
      )}
    </QueryFrame>
  );
}

type RunSlideCardProps = { run: ComparedRun; slideId: string; opacity: number; sync: ViewSync };

function RunSlideCard({ run, slideId, opacity, sync }: RunSlideCardProps) {
  const runSlide = run.slides.filter(isPlaced).find(({ slide }) => slide.id === slideId);
  return (
    <Card
      flush
      title={<TextLink href={linkToRun(run.id, 'tissue')}>{run.name}</TextLink>}
      note={describeSlide(runSlide, known(run.task).positiveName)}
    >
      <div className="flex h-[60vh] flex-col">
        {runSlide ? (
          <SlideCanvas runSlide={runSlide} unit={known(run.dataset).unit} opacity={opacity} sync={sync} />
        ) : (
          <p className="p-4 text-sm text-muted-foreground">
            This run&apos;s dataset does not have this slide.
          </p>
        )}
      </div>
    </Card>
  );
}

function describeSlide(runSlide: ComparedRun['slides'][number] | undefined, positiveClass: string): string {
  if (!runSlide) return '';
  if (runSlide.sealed) return 'TEST is sealed for this run: no heatmap.';
  if (!runSlide.heatmapUrl) return 'This run has no predictions for this slide.';
  return `AUC of ${positiveClass} on this slide: ${formatMetric(runSlide.auc)}`;
}
