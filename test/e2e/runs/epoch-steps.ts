/** A run that trains as slowly as a test wants, and what a page shows of it. */
import { claimRun, launchRun } from '@microtome/store/run/run-lifecycle';
import { recordEpoch } from '@microtome/store/run/run-recording';
import type { Store } from '@microtome/store/store';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { createBench } from '../../fixtures/run.ts';

const EPOCHS = 40;

export type SlowRun = { runId: string; addEpochs: (through: number) => Promise<void> };

/** A run that no worker of the platform takes, and its epochs one after the other. */
export async function startSlowRun(store: Store): Promise<SlowRun> {
  const bench = await createBench(store, { patchSizePx: 16 });
  const { id: runId } = await launchRun(store, {
    experimentId: bench.experimentId,
    splitId: bench.split.id,
    hyperparameters: { epochs: EPOCHS },
    backend: 'tensorflow',
  });
  const { attempt } = (await claimRun(store, { runId, workerId: 'test' }))!;
  // However long the machine takes, its worker never falls silent.
  await store.database.pool.query(
    `update run_attempt set heartbeat_at = now() + interval '1 hour' where run_id = $1`,
    [runId],
  );
  let epoch = 0;
  async function addEpochs(through: number): Promise<void> {
    while (epoch < through) {
      epoch++;
      const checkpoint = await store.artifacts.put(Buffer.from(`${epoch}`), 'application/octet-stream');
      const metrics = { 'train.loss': 1 / epoch, 'validation.auc': 1 - 0.5 / epoch };
      const isKept = await recordEpoch(store, {
        runId,
        attempt,
        epoch,
        step: epoch,
        metrics,
        checkpoint,
        best: false,
      });
      expect(isKept).toBe(true);
    }
  }
  return { runId, addEpochs };
}

/** The page says that this epoch is done. */
export function waitForEpoch(page: Page, epoch: number): Promise<void> {
  return page
    .getByText(new RegExp(`[Ee]poch ${epoch}\\b`))
    .first()
    .waitFor();
}

const LOST = 'The API does not answer';

export const waitUntilSaidLost = (page: Page) => page.getByText(LOST).waitFor();

export const waitUntilWhole = (page: Page) => page.getByText(LOST).waitFor({ state: 'detached' });

export const countSaidLost = (page: Page) => page.getByText(LOST).count();

/** The numbers of the epochs that a curve has a value at, read as a person reads them who cannot see it: by keys. */
export async function readEpochs(page: Page, chart: RegExp): Promise<number[]> {
  const curve = page.getByRole('slider', { name: chart });
  const read = async () =>
    Number(/^epoch (\d+): \S+ /.exec((await curve.getAttribute('aria-valuetext')) ?? '')?.[1]);
  await curve.focus();
  await curve.press('Home');
  const epochs = [await read()];
  for (;;) {
    await curve.press('ArrowRight');
    const next = await read();
    if (next === epochs.at(-1)) return epochs;
    epochs.push(next);
  }
}
