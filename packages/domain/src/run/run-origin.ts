/**
 * Who records a run. WORKER: launched here, queued and trained by one of our workers. EXTERNAL: any other program, which says
 * what it does and keeps its numbers and files here.
 */
export const RUN_ORIGINS = ['WORKER', 'EXTERNAL'] as const;
export type RunOrigin = (typeof RUN_ORIGINS)[number];
