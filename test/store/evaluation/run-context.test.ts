/** The step with neighbours of a run: kept as its worker chose it, else chosen once, and never changed past all of our code. */
import { chooseContext } from '@microtome/domain/context/context-step';
import { requireContextStep } from '@microtome/store/evaluation/run-context';
import type { Run } from '@microtome/store/generated/prisma/client';
import { expect, it } from 'vitest';
import { type FakeTraining, finishTestRun, launchTestRun } from '../../fixtures/run.ts';
import { openBench } from '../open-bench.ts';

const { store, bench } = await openBench();
const CHOSEN = { radius: 2, weight: 0.75, temperature: 1.25, threshold: 0.4 };

async function finish(training: FakeTraining): Promise<Run> {
  const run = await launchTestRun(store, bench);
  await finishTestRun(store, run, training);
  return run;
}

const query = (statement: string, values: unknown[] = []) => store.database.pool.query(statement, values);

it('is what the worker chose, whatever would be chosen now', async () => {
  const choose = () => Promise.reject(new Error('nothing is chosen where a step is stored'));
  const { id } = await finish({ context: CHOSEN });
  expect(await requireContextStep(store, { runId: id, choose })).toEqual(CHOSEN);
  const silent = await finish({ context: null });
  expect(await requireContextStep(store, { runId: silent.id, choose })).toBeNull();
});

it('is chosen when first asked for where no worker chose, once, by whichever asks first', async () => {
  const { id } = await finish({ skill: 0.1 });
  const asked = await Promise.all(
    [0.5, 1].map((weight) =>
      requireContextStep(store, {
        runId: id,
        choose: ({ validation, options }) => {
          const step = chooseContext(validation, options)!;
          expect(step.threshold).toBeGreaterThan(0);
          return { ...CHOSEN, weight };
        },
      }),
    ),
  );
  expect(asked[0]).toEqual(asked[1]);
  expect(await requireContextStep(store, { runId: id })).toEqual(asked[0]);
});

it('holds to its ranges, is of an evaluated run, and never changes', async () => {
  const { id } = await finish({});
  const insert = `insert into run_context (run_id, radius, weight, temperature, threshold) values ($1, $2, $3, $4, $5)`;
  for (const step of [
    [5, 1, 1, 0.5],
    [-1, 1, 1, 0.5],
    [0, 0.5, 1, 0.5],
    [0, 0, 2, 0.5],
    [1, 0, 1, 0.5],
    [1, 1.5, 1, 0.5],
    [1, 1, 0, 0.5],
    [1, 1, 'Infinity', 0.5],
    [1, 1, 1, 'NaN'],
    [1, 1, 1, null],
    [null, 1, 1, 0.5],
  ]) {
    await expect(query(insert, [id, ...step])).rejects.toThrow(/run_context_/);
  }
  const queued = await launchTestRun(store, bench);
  await expect(query(insert, [queued.id, 1, 1, 1, 0.5])).rejects.toThrow(/no evaluation on VALIDATION/);
  await query(insert, [id, 1, 1, 1, 0.5]);
  await expect(query('update run_context set threshold = 0.6 where run_id = $1', [id])).rejects.toThrow(
    /never change/,
  );
  await expect(query('delete from run_context where run_id = $1', [id])).rejects.toThrow(/go with their run/);
  await expect(query('truncate run_context')).rejects.toThrow(/never emptied/);
});
