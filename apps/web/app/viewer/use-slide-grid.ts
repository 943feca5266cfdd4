'use client';
/** What a run, an exam or an analysis says of one slide. It has tens of thousands of numbers and stays out of the cache. */
import { useQuery } from '@apollo/client/react';
import {
  AnalysisSlideGridDocument,
  ExternalSlideGridDocument,
  RunSlideGridDocument,
} from '../../graphql/generated/graphql.ts';
import type { SlideGrid } from '../../viewer/slide-grid.ts';
import type { ViewerSource } from './use-viewer-source.ts';

type GridState = {
  grid: SlideGrid | null;
  isLoading: boolean;
  error: unknown;
  refetch: () => unknown;
};

export function useSlideGrid({ kind, id }: Pick<ViewerSource, 'kind' | 'id'>, slideId: string): GridState {
  const fetchPolicy = 'no-cache';
  const variables = { id, slideId };
  const ofRun = useQuery(RunSlideGridDocument, { variables, fetchPolicy, skip: kind !== 'RUN' || !id });
  const ofExam = useQuery(ExternalSlideGridDocument, { variables, fetchPolicy, skip: kind !== 'EXAM' });
  const ofAnalysis = useQuery(AnalysisSlideGridDocument, {
    variables: { id },
    fetchPolicy,
    skip: kind !== 'ANALYSIS',
  });
  const { loading, error, refetch } = { RUN: ofRun, EXAM: ofExam, ANALYSIS: ofAnalysis }[kind ?? 'RUN'];
  const grid = {
    RUN: ofRun.data?.run?.slideGrid,
    EXAM: ofExam.data?.externalEvaluation?.slideGrid,
    ANALYSIS: ofAnalysis.data?.slideAnalysis?.slideGrid,
  }[kind ?? 'RUN'];
  return { grid: grid ?? null, isLoading: loading, error, refetch };
}
