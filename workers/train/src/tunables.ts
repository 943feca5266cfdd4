/** The worker's intervals and limits, each with what happens when it passes. */

const SECOND = 1000;
const HOUR = 3600 * SECOND;

/** How often the lease of a run is renewed; a cancel is picked up as soon. */
export const LEASE_RENEWAL_INTERVAL_MS = SECOND;

/** So long after the last renewal the attempt is given up: soon (LEASE_STALE_MS) the run may be another worker's. */
export const LEASE_LIMIT_MS = 12 * SECOND;

/** So long after SIGTERM a trainer is killed outright. */
export const TERMINATION_GRACE_MS = SECOND;

/** When the worker is told to stop: how long a run gets to reach its next checkpoint before it goes back as it is. */
export const HAND_OVER_GRACE_MS = 5 * SECOND;

/** An attempt ends at the next checkpoint after this, well before the queue gives its job up (24 hours). */
export const ATTEMPT_LIMIT_MS = 22 * HOUR;
