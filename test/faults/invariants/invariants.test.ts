/** Each invariant of the fault program holds for a sound run, and says so when what it guards is broken. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../../api/test-api.ts';
import { flipBit } from '../../fixtures/damage.ts';
import { createBench, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { readRecord } from '../../fixtures/training-record.ts';
import { createApi } from '../platform/api.ts';
import { digestEvent, type HeardEvent, type Subscriber } from '../platform/subscriber.ts';
import { allInvariants } from './all-invariants.ts';
import { apiTellsTheTruth } from './answers.ts';
import { everyEpochOnce } from './epochs.ts';
import { eventsAreNumbered } from './event-numbers.ts';
import { filesAreWhole, nothingIsOrphaned } from './files.ts';
import type { Evidence, Invariant } from './invariant.ts';
import { numbersAreTheSame } from './numbers.ts';
import { processesAreInOrder } from './processes.ts';
import { jobsFitRuns } from './queue.ts';
import { statusesAreLegal } from './statuses.ts';
import { subscribersAreComplete } from './subscribers.ts';

let api: TestApi;
let evidence: Evidence;
let heard: HeardEvent[];

beforeEach(async () => {
  api = await startTestApi();
  const { store } = api;
  const run = await launchTestRun(store, await createBench(store), { epochs: 1 });
  await finishTestRun(store, run);
  // It was trained without a worker, who would have taken the job.
  await sql('delete from pgboss.job');
  const { prisma } = store.database;
  const metrics = await prisma.metric.findMany({ where: { runId: run.id } });
  heard = (await prisma.runEvent.findMany({ where: { runId: run.id }, orderBy: { seq: 'asc' } })).map(
    ({ seq, kind, payload }) => ({
      seq,
      digest: digestEvent(kind, payload, kind === 'EPOCH' ? metrics : []),
    }),
  );
  evidence = {
    bench: {
      store,
      home: { dir: api.importRoot, isOwnFileSystem: false },
      api: createApi(api.url),
      hasWeb: false,
    },
    runId: run.id,
    subscribers: [listenerOf(heard)],
    untouched: await readRecord(store, run.id),
  };
});
afterEach(() => api.close());

describe('the invariants', () => {
  it('hold for a run that nothing was done to', async () => {
    for (const invariant of allInvariants) {
      // No platform runs here whose processes could be looked for.
      if (invariant !== processesAreInOrder)
        expect([invariant.name, await say(invariant)]).toEqual([invariant.name, []]);
    }
  });

  it('tell of an epoch that is recorded twice, and of one that is lost', async () => {
    await sql('alter table run disable trigger user');
    await sql(
      `insert into run_event (run_id, kind, attempt, payload) select run_id, kind, attempt, payload from run_event
       where run_id = $1 and kind = 'EPOCH'`,
      evidence.runId,
    );
    expect(await everyEpochOnce.check(evidence)).toMatchObject([{ epochsDoubled: 1, epochsLost: 0 }]);
    await sql('update run set epochs_done = 3 where id = $1', evidence.runId);
    expect(await everyEpochOnce.check(evidence)).toMatchObject([{ epochsDoubled: 1, epochsLost: 2 }, {}]);
  });

  it('tell of an event that is gone', async () => {
    await sql('alter table run_event disable trigger user');
    await sql('delete from run_event where run_id = $1 and seq = 2', evidence.runId);
    expect(await say(eventsAreNumbered)).toHaveLength(1);
  });

  it('tell of a status that no arrow leads to', async () => {
    await sql('alter table run disable trigger user');
    await sql(`update run set status = 'RUNNING', finished_at = null where id = $1`, evidence.runId);
    expect((await say(statusesAreLegal)).join()).toContain('its last event says SUCCEEDED');
    expect((await say(apiTellsTheTruth)).join()).toBe('');
  });

  it('tell of a metric that differs in its last bit', async () => {
    const { metrics } = evidence.untouched;
    const [epoch, name, value] = metrics[0]!;
    evidence.untouched = {
      ...evidence.untouched,
      metrics: [[epoch, name, value * (1 + Number.EPSILON)], ...metrics.slice(1)],
    };
    expect(await say(numbersAreTheSame)).toHaveLength(1);
  });

  it('tell of a subscriber that lacks an event, or has one twice', async () => {
    const [first, ...others] = heard;
    for (const wrong of [others, [first!, ...heard], heard.slice(0, -1)]) {
      evidence.subscribers = [listenerOf(wrong)];
      expect(await say(subscribersAreComplete)).toHaveLength(1);
    }
  });

  it('tell of an API that says something else, or nothing', async () => {
    evidence.bench = { ...evidence.bench, api: createApi('http://127.0.0.1:9') };
    expect(await say(apiTellsTheTruth)).toEqual(['The API is not ready.']);
  });

  it('tell of a job that is left for a run', async () => {
    await sql(
      `insert into pgboss.job (name, data) values ('run-auto', $1)`,
      JSON.stringify({ runId: evidence.runId }),
    );
    expect(await say(jobsFitRuns)).toHaveLength(1);
  });

  it('tell of a file that is damaged, and of one that nothing names', async () => {
    await flipBit(api.store.artifacts, evidence.untouched.weights);
    expect((await say(filesAreWhole)).join()).toContain(evidence.untouched.weights);
    await writeFile(join(api.importRoot, 'artifacts', 'stray'), 'stray');
    expect(await say(nothingIsOrphaned)).toEqual(['No row needs the file stray.']);
  });

  it('tell of a process that is left over', async () => {
    const left = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
      env: { MICROTOME_HOME: api.importRoot },
    });
    await once(left, 'spawn');
    expect(await say(processesAreInOrder)).toContain(`A process is left over: other (${left.pid}).`);
    left.kill('SIGKILL');
    await once(left, 'exit');
  });
});

async function say(invariant: Invariant): Promise<string[]> {
  return (await invariant.check(evidence)).map(({ sentence }) => sentence);
}

function sql(text: string, ...values: string[]) {
  return api.store.database.pool.query<Record<string, unknown>>(text, values);
}

/** What is left of a subscriber when its run has ended. */
function listenerOf(events: readonly HeardEvent[]): Subscriber {
  return {
    heard: events,
    reconnects: 0,
    refusals: [],
    waitFor: async () => undefined,
    close: async () => undefined,
  };
}
