/**
 * Looks at one run in the database itself, past the proxy, and waits for what it should become. A database that is away
 * has no answer, and is asked again.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { RunStatus } from '@microtome/domain/run/run-status';
import pg from 'pg';

const LOOK_INTERVAL_MS = 40;
const ANSWER_LIMIT_MS = 2_000;

export type RunState = {
  status: RunStatus;
  attempt: number;
  epochsDone: number;
  lastSeq: number;
  /** The attempt that added the newest epoch. */
  epochAttempt: number;
  cancelRequested: boolean;
  error: string | null;
};

export type RunWatch = {
  runId: string;
  look(): Promise<RunState>;
  /** The first state that fits. @throws the signal's reason */
  until(fits: (state: RunState) => boolean, signal: AbortSignal): Promise<RunState>;
};

/** Connections of its own, which never wait long. */
export function openLookout(databaseUrl: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 4,
    connectionTimeoutMillis: ANSWER_LIMIT_MS,
    query_timeout: ANSWER_LIMIT_MS,
  });
  pool.on('error', () => undefined);
  return pool;
}

export function watchRun(lookout: pg.Pool, runId: string): RunWatch {
  const look = async (): Promise<RunState> => {
    const { rows } = await lookout.query<RunState>(
      `select status, attempt, epochs_done as "epochsDone", last_seq as "lastSeq", error,
         cancel_requested_at is not null as "cancelRequested",
         coalesce((select max(e.attempt) from run_event e where e.run_id = run.id and e.kind = 'EPOCH'), 0) as "epochAttempt"
       from run where id = $1`,
      [runId],
    );
    const [state] = rows;
    if (!state) throw new Error(`The run ${runId} is gone.`);
    return state;
  };
  return {
    runId,
    look,
    async until(fits, signal) {
      for (;;) {
        signal.throwIfAborted();
        const state = await look().catch(() => null);
        if (state && fits(state)) return state;
        await delay(LOOK_INTERVAL_MS);
      }
    },
  };
}

/** Resolves when the database answers. */
export async function waitForDatabase(lookout: pg.Pool, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const answers = await lookout.query('select 1').then(
      () => true,
      () => false,
    );
    if (answers) return;
    await delay(LOOK_INTERVAL_MS);
  }
}
