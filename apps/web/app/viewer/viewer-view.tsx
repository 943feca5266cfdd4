'use client';
/** The page of a slide: reads its address, finds the slide among those of the run or exam, or the one of the analysis, and steps from one to the next. */
import { useQuery } from '@apollo/client/react';
import { useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { VIEWER_PARAMETERS, type ViewerAddress } from '../../address/page-addresses.ts';
import { useApi } from '../../api/api-provider.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { QueryFrame } from '../../components/query-frame.tsx';
import { ViewerSlideDocument } from '../../graphql/generated/graphql.ts';
import { orderSlides } from './order-slides.ts';
import { SlideHeader } from './slide-header.tsx';
import { SlideSteps } from './slide-steps.tsx';
import { type ChangeAddress, useViewerSource, type ViewerSource } from './use-viewer-source.ts';
import { ViewedStages } from './viewed-stages.tsx';

/** What of a slide is in view is not the next one's. */
const WHOLE = { x: null, y: null, zoom: null, turn: null };

export function ViewerView() {
  const [address, setAddress] = useQueryStates(VIEWER_PARAMETERS);
  const change: ChangeAddress = (next, { isStep } = { isStep: false }) =>
    void setAddress(next, { history: isStep ? 'push' : 'replace' });
  const { source, ...state } = useViewerSource(address);
  return (
    <QueryFrame {...state} data={source} missing={nameMissing(address)}>
      {(found) => <FoundSource source={found} address={address} onChange={change} />}
    </QueryFrame>
  );
}

function nameMissing({ run, exam }: ViewerAddress): string {
  if (run) return 'This run';
  return exam ? 'This external evaluation' : 'This analysis of a slide';
}

type FoundSourceProps = { source: ViewerSource; address: ViewerAddress; onChange: ChangeAddress };

function FoundSource({ source, address, onChange }: FoundSourceProps) {
  const ordered = useMemo(() => orderSlides(source.slides, address.order), [source.slides, address.order]);
  const named = ordered.find(({ slide }) => address.patient && slide.patient.key === address.patient);
  const slideId = address.slide || (named ?? (address.patient ? undefined : ordered[0]))?.slide.id || '';
  const { apiUrl } = useApi();
  const query = useQuery(ViewerSlideDocument, {
    variables: { id: slideId },
    skip: !slideId || Boolean(source.ownSlide),
  });
  const found = source.ownSlide ?? query.data?.slide ?? null;
  // A pattern: what is to be put in must not be encoded. The stage opens again for another one.
  const tiles = useMemo(
    () => (found?.tiles ? { ...found.tiles, url: `${apiUrl}${found.tiles.url}` } : null),
    [found?.tiles, apiUrl],
  );
  if (!slideId && !found) return <NoSlide patient={address.patient} />;
  return (
    <QueryFrame {...query} data={found} missing="This slide">
      {(slide) => (
        <>
          <SlideHeader
            slide={slide}
            source={source}
            viewed={ordered.find((one) => one.slide.id === slide.id)}
            steps={
              ordered.length > 0 && (
                <SlideSteps
                  slideIds={ordered.map((one) => one.slide.id)}
                  slideId={slide.id}
                  order={address.order}
                  onOrderChange={(order) => onChange({ order })}
                  onStep={(next) => onChange({ ...WHOLE, slide: next, patient: null }, { isStep: true })}
                />
              )
            }
          />
          {tiles ? (
            <ViewedStages
              key={slide.id}
              slide={slide}
              tiles={tiles}
              source={source}
              isSealed={ordered.some((one) => one.slide.id === slide.id && one.sealed)}
              address={address}
              onChange={onChange}
            />
          ) : (
            <EmptyState title="No picture of this slide">
              The source of this dataset does not tell where its patches lie: they cannot be put back in
              place.
            </EmptyState>
          )}
        </>
      )}
    </QueryFrame>
  );
}

function NoSlide({ patient }: { patient: string }) {
  return (
    <EmptyState title="No slide to show">
      {patient
        ? `There is no slide of '${patient}' here.`
        : 'The address names no slide, and there is none to begin with.'}
    </EmptyState>
  );
}
