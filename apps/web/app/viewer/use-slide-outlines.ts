'use client';
/** What was drawn on a slide: asked for apart, so that nothing waits for it, and kept out of the cache for its size. */
import { useQuery } from '@apollo/client/react';
import { SlideOutlinesDocument } from '../../graphql/generated/graphql.ts';
import type { SlideOutline } from '../../viewer/slide-grid.ts';

const NONE: readonly SlideOutline[] = [];

/** Empty until they are there, and where nothing was drawn or nothing of it is to be told. */
export function useSlideOutlines(slideId: string | null, isSealed: boolean): readonly SlideOutline[] {
  const { data } = useQuery(SlideOutlinesDocument, {
    variables: { id: slideId ?? '' },
    fetchPolicy: 'no-cache',
    skip: isSealed || !slideId,
  });
  return data?.slide?.outlines ?? NONE;
}
