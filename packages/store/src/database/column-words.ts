/**
 * The words of text columns that only the tables use: of imports, shards, workers and progress. The other lists are
 * in the domain, next to the rules that use them. Each list is a CHECK of its column too, and a test keeps them equal.
 */
export const IMPORT_STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELED'] as const;
export type ImportStatus = (typeof IMPORT_STATUSES)[number];

export const IMPORT_PHASES = ['scanning', 'decoding', 'saving', 'done'] as const;
export type ImportPhase = (typeof IMPORT_PHASES)[number];

/** PATCH: patches of the dataset's size back to back. STRIP: edge strips of varying size. */
export const SHARD_KINDS = ['PATCH', 'STRIP'] as const;
export type ShardKind = (typeof SHARD_KINDS)[number];

export const RUN_PHASES = ['preparing', 'training', 'validating', 'finishing'] as const;
export type RunPhase = (typeof RUN_PHASES)[number];

export const DELETION_KINDS = ['RUN', 'DATASET'] as const;
export type DeletionKind = (typeof DELETION_KINDS)[number];

export const WORKER_STATUSES = ['IDLE', 'BUSY', 'GONE'] as const;
export type WorkerStatus = (typeof WORKER_STATUSES)[number];
