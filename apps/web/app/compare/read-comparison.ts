/** What the address of the page asks for: `?runs=…&reference=…&shared=1`, and back. Pure. */

export const MOST_RUNS = 200;
/** Up to here every run has a column and a curve in every picture. */
export const FEW_RUNS = 6;
/** More curves than that in one picture cannot be told apart. */
export const MOST_DRAWN_RUNS = 8;

export type ComparisonRequest = {
  runIds: string[];
  referenceId: string | null;
  sharedPatientsOnly: boolean;
};

export function readComparison(parameters: URLSearchParams): ComparisonRequest {
  const listed = parameters.get('runs')?.split(',').filter(Boolean) ?? [];
  const runIds = [...new Set(listed)].slice(0, MOST_RUNS);
  const reference = parameters.get('reference');
  return {
    runIds,
    referenceId: reference && runIds.includes(reference) ? reference : null,
    sharedPatientsOnly: parameters.get('shared') === '1',
  };
}

export function writeComparison({ runIds, referenceId, sharedPatientsOnly }: ComparisonRequest): string {
  if (runIds.length === 0) return '/compare';
  const reference = referenceId && runIds.includes(referenceId) ? `&reference=${referenceId}` : '';
  return `/compare?runs=${runIds.join(',')}${reference}${sharedPatientsOnly ? '&shared=1' : ''}`;
}

/** Below the API's address. */
export function writeReportPath({ runIds, referenceId, sharedPatientsOnly }: ComparisonRequest): string {
  const reference = referenceId ? `&reference=${referenceId}` : '';
  return `/comparison.pdf?runs=${runIds.join(',')}${reference}${sharedPatientsOnly ? '&shared=true' : ''}`;
}
