import { setImmediate } from 'node:timers/promises';
import { type Duty, startDuties } from '@microtome/store/duties/duties';
import { listRunDuties } from '@microtome/store/duties/run-duties';
import { registerWorker } from '@microtome/store/run/workers';
import { describe, expect, it } from 'vitest';
import { claimNewRun, silenceAttempt } from '../../fixtures/attempt.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();

describe('a duty', () => {
  it('is performed at once and again at its interval, and what it found is told', async () => {
    const log = createLog();
    await untilTurn(3, (perform) => [{ name: 'count', intervalMs: 1, perform }], log);
    expect(log.lines.slice(0, 3)).toEqual(['count 1', 'count 2', 'count 3']);
  });

  it('that fails is told of and tried again, and keeps no other from its turn', async () => {
    const log = createLog();
    const failing = async () => Promise.reject(new Error('the database is away'));
    await untilTurn(
      2,
      (perform) => [
        { name: 'fail', intervalMs: 1, perform: failing },
        { name: 'count', intervalMs: 1, perform },
      ],
      log,
    );
    expect(log.lines).toContain('fail the database is away');
    expect(log.lines).toContain('count 2');
  });

  it('is waited for when duties are closed, and has no turn afterwards', async () => {
    const [begun, begin] = createGate();
    const [ended, end] = createGate();
    let turns = 0;
    const perform = async () => {
      turns += 1;
      begin();
      await ended;
      return 0;
    };
    const duties = startDuties([{ name: 'slow', intervalMs: 1, perform }], createLog());
    await begun;
    let isClosed = false;
    const closing = duties.close().then(() => {
      isClosed = true;
    });
    await setImmediate();
    expect(isClosed).toBe(false);
    end();
    await closing;
    expect(turns).toBe(1);
  });
});

describe('the duties of runs', () => {
  it('free what is stuck: a run of a dead worker, a run without a job, a worker that fell silent', async () => {
    const { runId } = await claimNewRun(store, bench);
    await silenceAttempt(store, runId);
    const { id: workerId } = await registerWorker(store, {
      id: 'silent',
      hostname: 'here',
      pid: 1,
      backends: ['onnx'],
      device: 'CPU',
      versions: {},
    });
    const heartbeatAt = new Date(Date.now() - 3_600_000);
    await store.database.prisma.worker.update({ where: { id: workerId }, data: { heartbeatAt } });
    const found = new Map<string, number>();
    for (const { name, perform } of listRunDuties(store)) {
      if (name === 'reconcile queue') await store.database.pool.query('delete from pgboss.job');
      found.set(name, await perform());
    }
    expect(Object.fromEntries(found)).toEqual({
      'mark silent runs': 0,
      'reap stale external evaluations': 0,
      'reap stale model checks': 0,
      'reap stale slide analyses': 0,
      'reap stale runs': 1,
      'reconcile queue': 1,
      'advance sweeps': 0,
      'retire silent workers': 1,
    });
    expect(await store.database.prisma.run.findUnique({ where: { id: runId } })).toMatchObject({
      status: 'QUEUED',
    });
  });
});

type Log = Parameters<typeof startDuties>[1] & { lines: string[] };

function createLog(): Log {
  const lines: string[] = [];
  const say = (fields: object) => {
    const { duty, found, err } = fields as { duty: string; found?: number; err?: Error };
    lines.push(`${duty} ${err?.message ?? found}`);
  };
  return { lines, info: say, error: say };
}

/** Performs until the counting duty has had so many turns; it finds the number of its turn. */
async function untilTurn(last: number, list: (perform: Duty['perform']) => Duty[], log: Log): Promise<void> {
  const [reached, reach] = createGate();
  let turns = 0;
  const duties = startDuties(
    list(async () => {
      turns += 1;
      if (turns === last) reach();
      return turns;
    }),
    log,
  );
  await reached;
  await duties.close();
}

function createGate(): [opened: Promise<void>, open: () => void] {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return [opened, open];
}
