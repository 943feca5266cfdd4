/**
 * The states of the analysis of a slide: QUEUED → RUNNING → SUCCEEDED, FAILED or CANCELED. A lost worker's goes back to QUEUED and
 * keeps what was computed; one that has ended never changes.
 */
export const SLIDE_ANALYSIS_STATUSES = ['QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;
export type SlideAnalysisStatus = (typeof SLIDE_ANALYSIS_STATUSES)[number];
