/** The worker's intervals and limits, each with what happens when it is over. */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** How often the lease of a run is renewed; a cancel is picked up as soon. */
export const LEASE_RENEWAL_INTERVAL_MS = SECOND;

/**
 * How long to wait for a database that is down while training continues. Below the time for which a file without a
 * row is kept (SWEEP_GRACE_MS): a checkpoint that is committed late must still be there.
 */
export const DATABASE_PATIENCE_MS = 8 * MINUTE;

/** How long after SIGTERM a trainer is killed. */
export const TERMINATION_GRACE_MS = SECOND;

/** When the worker is told to stop: how long a run gets to reach its next checkpoint before it goes back as it is. */
export const HAND_OVER_GRACE_MS = 5 * SECOND;

/** An attempt ends at the next checkpoint after this, well before the queue gives its job up (24 hours). */
export const ATTEMPT_LIMIT_MS = 22 * HOUR;

/**
 * After how long the database rolls back a transaction in which a frozen worker does nothing. Below the lease: the worker
 * that takes the run over needs its row.
 */
export const IDLE_TRANSACTION_MS = 8 * SECOND;

/** What the child that runs an external program's model may take: beyond it the model is at fault, and the check has failed. */
export const MODEL_LIMITS = { memoryBytes: 6 * 1024 ** 3, silenceMs: 3 * MINUTE };
