/** Reads what the page's address asks to compare, and writes it back; and how many runs fit into one picture. Pure. */
import type { inferParserType } from 'nuqs/server';
import type { COMPARISON_PARAMETERS } from '../../address/page-addresses.ts';

export const MOST_RUNS = 200;
/** Up to this many runs, each has a column of its own. */
export const FEW_RUNS = 6;
/** More curves than this in one picture cannot be told apart. */
export const MOST_DRAWN_RUNS = 8;

type ComparisonParameters = inferParserType<typeof COMPARISON_PARAMETERS>;

export type ComparisonRequest = {
  runIds: string[];
  referenceId: string | null;
  sharedPatientsOnly: boolean;
};

export function readComparison({ runs, reference, shared }: ComparisonParameters): ComparisonRequest {
  const runIds = [...new Set(runs.filter(Boolean))].slice(0, MOST_RUNS);
  return {
    runIds,
    referenceId: reference && runIds.includes(reference) ? reference : null,
    sharedPatientsOnly: shared,
  };
}

export function writeComparison({
  runIds,
  referenceId,
  sharedPatientsOnly,
}: ComparisonRequest): ComparisonParameters {
  const reference = referenceId && runIds.includes(referenceId) ? referenceId : null;
  return { runs: runIds, reference, shared: sharedPatientsOnly };
}

/** A path below the API's address. */
export function writeReportPath(
  { runIds, referenceId, sharedPatientsOnly }: ComparisonRequest,
  format: 'pdf' | 'html',
): string {
  const reference = referenceId ? `&reference=${referenceId}` : '';
  return `/comparison.${format}?runs=${runIds.join(',')}${reference}${sharedPatientsOnly ? '&shared=true' : ''}`;
}
