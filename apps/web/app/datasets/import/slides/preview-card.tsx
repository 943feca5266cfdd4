'use client';
/** What would be cut, slide by slide, with the mask over each picture; asked for by a button, since slides are opened. */
import { useLazyQuery } from '@apollo/client/react';
import { useState } from 'react';
import { describeError } from '../../../../api/error-sentence.ts';
import { formatCount } from '../../../../format/format-number.ts';
import {
  type ImportDatasetInput,
  PreviewTilingDocument,
  type PreviewTilingQuery,
} from '../../../../graphql/generated/graphql.ts';
import { Button } from '../../../../ui/button.tsx';
import { Card } from '../../../../ui/card.tsx';
import { LabeledCheckbox } from '../../../../ui/field.tsx';
import { Notice } from '../../../../ui/notice.tsx';
import { Skeleton } from '../../../../ui/skeleton.tsx';
import { SlideFigure } from './slide-figure.tsx';

const SLIDES_AT_ONCE = 6;

type Preview = PreviewTilingQuery['previewTiling'];
type PreviewCardProps = { input: ImportDatasetInput | null; isStarting: boolean };

export function PreviewCard({ input, isStarting }: PreviewCardProps) {
  const [look, { data, loading, error }] = useLazyQuery(PreviewTilingDocument, { fetchPolicy: 'no-cache' });
  const [asked, setAsked] = useState({ input: '', skip: 0 });
  const now = JSON.stringify(input);
  const isCurrent = asked.input === now;
  const preview = isCurrent ? data?.previewTiling : undefined;
  const lookFrom = (skip: number) => {
    if (!input) return;
    setAsked({ input: now, skip });
    // What is wrong stands in the card.
    look({ variables: { input, first: SLIDES_AT_ONCE, skip } }).catch(() => undefined);
  };
  const left = preview ? preview.slideCount - asked.skip - SLIDES_AT_ONCE : 0;
  return (
    <Card
      title="What would be cut"
      note={
        preview
          ? `${formatCount(preview.slideCount)} slides; shown from ${formatCount(asked.skip + 1)} on.`
          : 'Tissue, glass and ink are told apart, and squares counted.'
      }
      actions={
        <>
          <Button disabled={!input || loading} onClick={() => lookFrom(0)}>
            Look at the slides
          </Button>
          <Button type="submit" look="primary" disabled={!input || isStarting}>
            Start import
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4" aria-live="polite" aria-busy={loading}>
        {loading && <Skeleton className="h-56" />}
        {!loading && isCurrent && error && (
          <Notice tone="danger" title="The import cannot start">
            <p className="break-words">{describeError(error)}</p>
          </Notice>
        )}
        {!loading && !preview && !(isCurrent && error) && (
          <p className="text-sm text-muted-foreground">
            {input
              ? 'Look at the slides before they are cut.'
              : 'Choose a folder, and say how it is cut and labelled.'}
          </p>
        )}
        {!loading && preview && (
          <>
            <Slides preview={preview} />
            {left > 0 && (
              <Button className="self-start" onClick={() => lookFrom(asked.skip + SLIDES_AT_ONCE)}>
                Look at the next {Math.min(left, SLIDES_AT_ONCE)}
              </Button>
            )}
          </>
        )}
      </div>
    </Card>
  );
}

function Slides({ preview }: { preview: Preview }) {
  const [isMasked, setMasked] = useState(true);
  return (
    <>
      <LabeledCheckbox
        label="Show what was taken for tissue (green) and ink (orange)"
        checked={isMasked}
        onChange={(event) => setMasked(event.target.checked)}
      />
      <ul className="grid gap-4 sm:grid-cols-2 xl:grid-cols-3" aria-label="Slides that can be cut">
        {preview.slides.map((slide) => (
          <li key={slide.path} className="min-w-0">
            <SlideFigure slide={slide} isMasked={isMasked} />
          </li>
        ))}
      </ul>
      {preview.refusals.length > 0 && (
        <Notice tone="caution" title={`${formatCount(preview.refusedCount)} files would be left out`}>
          <ul className="flex flex-col gap-1 text-xs">
            {preview.refusals.map(({ path, reason }) => (
              <li key={path} className="break-words">
                <span className="font-mono">{path}</span>: {reason}
              </li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
