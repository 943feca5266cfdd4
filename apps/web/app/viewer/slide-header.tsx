/** Whose slide it is, on which side of the split, and what stands against looking at it as a test of the model. */
import { LockKeyhole } from 'lucide-react';
import type { ReactNode } from 'react';
import { PageHeader } from '../../components/page-header.tsx';
import { formatCount, formatMetric } from '../../format/format-number.ts';
import type { ViewedSlideFragment } from '../../graphql/generated/graphql.ts';
import { SubsetMark } from '../../split/subset-mark.tsx';
import { Notice } from '../../ui/notice.tsx';
import { titleUnit } from '../../unit/unit-words.ts';
import type { ViewerSource } from './use-viewer-source.ts';

type SlideHeaderProps = {
  slide: { key: string; patient: { key: string } };
  source: ViewerSource;
  viewed: ViewedSlideFragment | undefined;
  steps: ReactNode;
};

export function SlideHeader({ slide, source, viewed, steps }: SlideHeaderProps) {
  const { unit, kind, name, href, positiveClass } = source;
  const { key } = slide.patient;
  const title = unit ? titleUnit(unit, key) : `Slide ${key}`;
  return (
    <>
      <PageHeader
        title={slide.key === key ? title : `${title}, ${slide.key}`}
        parent={kind ? { href, label: name } : { href, label: 'Datasets' }}
        marks={viewed?.subset && <SubsetMark subset={viewed.subset} />}
        note={viewed && describeFigures(viewed, positiveClass)}
        actions={steps}
      />
      {viewed?.subset === 'TRAIN' && (
        <Notice tone="caution" className="mb-3" title="The model was trained on this slide.">
          It is in TRAIN: nothing was predicted on it, and nothing here tests the model.
        </Notice>
      )}
      {viewed?.sealed && (
        <p className="mb-3 flex items-center gap-1.5 text-sm text-muted-foreground">
          <LockKeyhole className="size-4" aria-hidden /> TEST is sealed: the tissue alone is shown.
        </p>
      )}
    </>
  );
}

function describeFigures(
  { patches, called, errors, auc }: ViewedSlideFragment,
  positiveClass: string,
): string {
  if (patches === 0) return 'No predictions of this slide.';
  const wrong = errors === null || errors === undefined ? '' : ` · ${formatCount(errors)} called wrongly`;
  return `${formatCount(patches)} patches · ${formatCount(called)} called ${positiveClass}${wrong} · AUC ${formatMetric(auc)}`;
}
