/** A page of the patients of an evaluation in the order of one of their figures: the worst first, say. */
import { AppError } from '@microtome/domain/app-error';
import { findMetric } from '@microtome/domain/metrics/metric';
import type { EvaluationPicture } from '../../evaluation/evaluation-picture.ts';
import { DEFAULT_PAGE_SIZE } from '../../graphql/page-size.ts';
import { encodePatientCursor, readPatientCursor } from '../../graphql/paging/cursor.ts';

type Patient = EvaluationPicture['patients'][number];
type PatientPageRequest = {
  by: string;
  direction: 'ASC' | 'DESC';
  first?: number | null;
  after?: string | null;
  last?: number | null;
  before?: string | null;
};

const OTHER_FIGURES = ['patches', 'positives', 'meanProbability', 'calledShare'] as const;

/** Patients that lack the figure come last. BAD_INPUT for a figure that patients do not have, or a cursor of another list. */
export function pagePatients(patients: readonly Patient[], request: PatientPageRequest) {
  const { by, direction, first, last } = request;
  if (patients.length > 0 && !isFigure(by, patients)) {
    throw new AppError(
      'BAD_INPUT',
      `'by' is '${by}', which is no figure of a patient: auc, accuracy or patches are some.`,
    );
  }
  const read = (patient: Patient) => {
    const value = (patient as unknown as Record<string, unknown>)[by];
    return typeof value === 'number' ? value : null;
  };
  const sign = direction === 'ASC' ? 1 : -1;
  const sorted = patients.toSorted((a, b) => {
    const [left, right] = [read(a), read(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null) || order(a, b);
    return sign * (left - right) || order(a, b);
  });
  const begin = request.after == null ? 0 : find(sorted, request.after) + 1;
  const end = request.before == null ? sorted.length : find(sorted, request.before);
  const fromEnd = first == null && last != null;
  const size = (fromEnd ? last : first) ?? DEFAULT_PAGE_SIZE;
  const from = fromEnd ? Math.max(begin, end - size) : begin;
  const to = fromEnd ? end : Math.min(end, begin + size);
  const edges = sorted
    .slice(from, Math.max(from, to))
    .map((node) => ({ node, cursor: encodePatientCursor(node.patientKey) }));
  return {
    edges,
    totalCount: sorted.length,
    pageInfo: {
      hasNextPage: to < sorted.length,
      hasPreviousPage: from > 0,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

function isFigure(by: string, patients: readonly Patient[]): boolean {
  const isMeasured = findMetric(by) !== undefined && patients.some((patient) => Object.hasOwn(patient, by));
  return isMeasured || OTHER_FIGURES.some((name) => name === by);
}

function order(a: Patient, b: Patient): number {
  return a.patientKey < b.patientKey ? -1 : 1;
}

function find(sorted: readonly Patient[], cursor: string): number {
  const key = readPatientCursor(cursor);
  const at = sorted.findIndex(({ patientKey }) => patientKey === key);
  if (at >= 0) return at;
  throw new AppError('BAD_INPUT', `Patient '${key}' is not in this list: begin again without the cursor.`);
}
