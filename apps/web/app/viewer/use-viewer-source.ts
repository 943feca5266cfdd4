'use client';
/** Whose opinion is shown over a slide: a run's, an exam's, an analysis's, or none. With the slides that it has one of. */
import { useQuery } from '@apollo/client/react';
import { linkToRun, linkToSlideAnalyses, type ViewerAddress } from '../../address/page-addresses.ts';
import {
  type ViewedSlideFragment,
  ViewerAnalysisDocument,
  type ViewerAnalysisQuery,
  ViewerExamDocument,
  type ViewerExamQuery,
  ViewerRunDocument,
  type ViewerRunQuery,
  type ViewerSlideQuery,
} from '../../graphql/generated/graphql.ts';
import { known } from '../../run/run-on-split.ts';
import type { UnitWords } from '../../unit/unit-words.ts';

export type ViewerSource = {
  /** Null where a slide is shown alone. */
  kind: 'RUN' | 'EXAM' | 'ANALYSIS' | null;
  id: string;
  name: string;
  href: string;
  positiveClass: string;
  unit: UnitWords | null;
  slides: readonly ViewedSlideFragment[];
  /** Of an analysis, whose slide is of no dataset. */
  ownSlide?: FoundSlide;
};

const NOBODY: ViewerSource = {
  kind: null,
  id: '',
  name: '',
  href: '/datasets',
  positiveClass: 'the positive class',
  unit: null,
  slides: [],
};

export type FoundSlide = NonNullable<ViewerSlideQuery['slide']>;

/** A step to another slide is one to come back from; a move is not. */
export type ChangeAddress = (change: AddressChange, options?: { isStep: boolean }) => void;
type AddressChange = { [Name in keyof ViewerAddress]?: ViewerAddress[Name] | null };

type SourceState = {
  source: ViewerSource | null;
  loading: boolean;
  error?: unknown;
  refetch: () => unknown;
};

type Asked = Pick<ViewerAddress, 'run' | 'exam' | 'analysis'>;

export function useViewerSource({ run, exam, analysis }: Asked): SourceState {
  const ofRun = useQuery(ViewerRunDocument, { variables: { id: run }, skip: !run });
  const ofExam = useQuery(ViewerExamDocument, { variables: { id: exam }, skip: !exam || Boolean(run) });
  const isAnalysis = Boolean(analysis) && !run && !exam;
  const ofAnalysis = useQuery(ViewerAnalysisDocument, { variables: { id: analysis }, skip: !isAnalysis });
  if (run) return { ...ofRun, source: ofRun.data?.run ? describeRun(ofRun.data.run) : null };
  if (exam) {
    const found = ofExam.data?.externalEvaluation;
    return { ...ofExam, source: found ? describeExam(found) : null };
  }
  if (isAnalysis) {
    const found = ofAnalysis.data?.slideAnalysis;
    return { ...ofAnalysis, source: found ? describeAnalysis(found) : null };
  }
  return { source: NOBODY, loading: false, refetch: () => {} };
}

function describeRun(run: NonNullable<ViewerRunQuery['run']>): ViewerSource {
  return {
    kind: 'RUN',
    id: run.id,
    name: run.name,
    href: linkToRun(run.id, 'tissue'),
    positiveClass: known(run.task).positiveName,
    unit: known(run.dataset).unit,
    slides: run.slides,
  };
}

function describeExam(exam: NonNullable<ViewerExamQuery['externalEvaluation']>): ViewerSource {
  return {
    kind: 'EXAM',
    id: exam.id,
    name: `${exam.run.name} on ${exam.dataset.name}`,
    href: `/external-evaluations/${exam.id}`,
    positiveClass: exam.task?.positiveName ?? known(exam.run.task).positiveName,
    unit: exam.dataset.unit,
    slides: exam.slides,
  };
}

function describeAnalysis(analysis: NonNullable<ViewerAnalysisQuery['slideAnalysis']>): ViewerSource {
  const { id, name, micronsPerPixel, positiveName, version, tiles } = analysis;
  return {
    kind: 'ANALYSIS',
    id,
    name: `${version.model.name} v${version.number}`,
    href: linkToSlideAnalyses(version.id),
    positiveClass: positiveName,
    unit: null,
    slides: [],
    ownSlide: { id, key: name, micronsPerPixel, tiles: tiles ?? null, patient: { id, key: name } },
  };
}
