'use client';
/** The colours of what is drawn over slides. They come from the API, which paints the pictures. */
import { useQuery } from '@apollo/client/react';
import { SlideColorsDocument, type SlideColorsQuery } from '../graphql/generated/graphql.ts';

export type SlideColors = SlideColorsQuery['serverInfo']['slideColors'];

/** Undefined until they are there. */
export function useSlideColors(): SlideColors | undefined {
  const { data } = useQuery(SlideColorsDocument, { fetchPolicy: 'cache-first' });
  return data?.serverInfo.slideColors;
}
