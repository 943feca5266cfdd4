/** The database server and the guardian that holds it. Recovery counts from when the database answers again. */
import { readdir, readFile } from 'node:fs/promises';
import type pg from 'pg';
import { waitForDatabase } from '../platform/run-watch.ts';
import { type Fault, type FaultTarget, hold, NEXT_EPOCH, untilNextEpoch, waitForProcess } from './fault.ts';
import { listSignalFaults } from './signal-faults.ts';

const LOOK_INTERVAL_MS = 30;
const ended = {
  recoveredBy: `${NEXT_EPOCH} (from when it is back)`,
  promisedSeconds: 10,
  until: untilNextEpoch,
};
const continued = { recoveredBy: NEXT_EPOCH, promisedSeconds: 10, until: untilNextEpoch };

export const postgresFaults: Fault[] = [
  ...listSignalFaults({
    subject: 'PostgreSQL',
    async find(target) {
      const server = await waitForProcess(target, 'postgres');
      return { pids: [server, ...(await listChildren(server))], afterEnd: await awaitAnother(target) };
    },
    ended,
    continued,
  }),
  ...listSignalFaults({
    subject: "PostgreSQL's guardian",
    async find(target) {
      return { pids: [await waitForProcess(target, 'guardian')], afterEnd: await awaitAnother(target) };
    },
    ended,
    continued,
  }),
];

/** Gives what resolves when another server than the present one answers. */
async function awaitAnother({ bench: { lookout }, signal }: FaultTarget): Promise<() => Promise<void>> {
  const before = await readStart(lookout);
  return async () => {
    for (;;) {
      await waitForDatabase(lookout, signal);
      const now = await readStart(lookout).catch(() => before);
      if (now !== before) return;
      await hold(LOOK_INTERVAL_MS);
    }
  };
}

async function readStart(lookout: pg.Pool): Promise<string> {
  const { rows } = await lookout.query<{ at: string }>('select pg_postmaster_start_time()::text as at');
  return rows[0]?.at ?? '';
}

async function listChildren(pid: number): Promise<number[]> {
  const all = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const parents = await Promise.all(
    all.map(async (name) => {
      const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '');
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    }),
  );
  return all.filter((_, index) => parents[index] === pid).map(Number);
}
