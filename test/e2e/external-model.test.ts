/**
 * An outside run becomes a champion in a browser: its model is checked by a worker at a person's word, registered and promoted. The
 * programs of Keras and PyTorch run where MICROTOME_TRAINING_PYTHON names a Python with both.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { openTest } from '@microtome/store/evaluation/evaluations';
import { createExperiment } from '@microtome/store/experiment/experiments';
import type { Run } from '@microtome/store/generated/prisma/client';
import { createModel } from '@microtome/store/model/models';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { createSplit } from '@microtome/store/split/create-split';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInheritedEnv, readTrainingPython } from '../env.ts';
import { insertDataset } from '../fixtures/dataset.ts';
import { putModel, recordExternalRun, writeModel } from '../fixtures/external-run/external-model.ts';
import { findBrowser, NO_BROWSER } from './browser.ts';
import { openStoredDashboard, type StoredDashboard } from './open-dashboard.ts';

const executablePath = findBrowser();
if (!executablePath) console.warn(NO_BROWSER);
const python = readTrainingPython();
if (!python)
  console.info(
    'MICROTOME_TRAINING_PYTHON names no Python with torch, keras, onnx and onnxscript: theirs is skipped.',
  );

describe.skipIf(!executablePath)('the model of another program', () => {
  let dashboard: StoredDashboard;
  let page: Page;
  let run: Run;
  /** Trained by the worker meanwhile. */
  let ours: Run;
  let modelId: string;

  beforeAll(async () => {
    dashboard = await openStoredDashboard({
      executablePath: executablePath!,
      async fill({ store }) {
        const dataset = await insertDataset(store, {
          patients: 10,
          patchesPerPatient: 12,
          patchSizePx: 16,
          seed: 1,
        });
        const [split] = await createSplit(store, {
          datasetId: dataset.datasetId,
          strategy: 'PATIENT_STRATIFIED',
          seed: 1,
        });
        const wrong = writeModel({ weights: [1, 2, 3] });
        run = await recordExternalRun(
          store,
          { dataset, split: split! },
          { name: 'from elsewhere', file: wrong },
        );
        await openTest(store, { runId: run.id, reason: 'the paper' });
        await recordExternalRun(store, { dataset, split: split! }, { name: 'unchecked so far' });
        const { id: experimentId } = await createExperiment(store, {
          datasetId: dataset.datasetId,
          name: 'deep',
        });
        const hyperparameters = { architecture: 'deep', width: 0.25, epochs: 1 };
        ours = await launchRun(store, { experimentId, splitId: split!.id, hyperparameters });
        modelId = (await createModel(store, { name: 'by-its-own-page' })).id;
      },
    });
    page = dashboard.page;
  }, 400_000);

  afterAll(() => dashboard?.close(), 120_000);

  it('fails its check with the reason, passes with the right file, and is promoted', async () => {
    await page.goto(`${dashboard.platform.webUrl}/runs/${run.id}`);
    const card = page.getByRole('region', { name: 'Model of its program' });
    await card.getByText('was not checked yet').waitFor();
    await page.getByText('EXTERNAL', { exact: true }).first().waitFor();
    expect(await page.getByRole('button', { name: 'Register model' }).count()).toBe(0);
    await card.getByRole('button', { name: 'Check model' }).click();
    await card.getByText('check failed').waitFor();
    await card.getByText(/differ by up to .*, and 0\.001 is allowed/).waitFor();

    await putModel(dashboard.test.store, { runId: run.id, file: writeModel() });
    await page.reload();
    await card.getByText('was replaced after the check').waitFor();
    await card.getByRole('button', { name: 'Check model' }).click();
    await card.getByText('check passed').waitFor();
    await card.getByText('Its very file gives the probabilities that were uploaded.').waitFor();

    await registerAndPromote(page, 'outside');
    expect(dashboard.complaints).toEqual([]);
  }, 400_000);

  it('is checked where its model is, before it becomes a version', async () => {
    await page.goto(`${dashboard.platform.webUrl}/models/${modelId}`);
    await page.getByRole('button', { name: 'Register run' }).click();
    const dialog = page.getByRole('dialog');
    const runs = dialog.getByLabel('Run', { exact: true });
    const label = 'unchecked so far (mean colour) · by a program of its own';
    await runs.getByRole('option', { name: label }).waitFor({ state: 'attached' });
    await runs.selectOption({ label });
    await dialog.getByText('was not checked yet').waitFor();
    const register = dialog.getByRole('button', { name: 'Register version' });
    expect(await register.isDisabled()).toBe(true);
    await dialog.getByRole('button', { name: 'Check model' }).click();
    await dialog.getByText('check passed').waitFor();
    await register.click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText(/A worker computed 48 probabilities of VALIDATION and TEST once more/).waitFor();
    expect(dashboard.complaints).toEqual([]);
  }, 400_000);

  it.skipIf(!python)(
    'of Keras and of PyTorch is compared with our deep run by patients, and promoted',
    async () => {
      const { apiUrl, webUrl } = dashboard.platform;
      const place = { apiUrl, splitId: run.splitId!, datasetId: run.datasetId! };
      const programs = ['keras_run.py', 'pytorch_run.py'];
      const recorded = await Promise.all(programs.map((program) => runProgram(program, place)));
      await page.goto(`${webUrl}/runs/${ours.id}`);
      await page.getByText('Succeeded').first().waitFor();
      const runIds = [ours.id, ...recorded];
      for (const runId of runIds) await openTest(dashboard.test.store, { runId, reason: 'the paper' });
      await page.goto(`${webUrl}/compare?runs=${runIds.join(',')}`);
      const pairs = page.getByRole('table', { name: /^Tests of .+ and .+/ });
      await pairs.nth(2).waitFor();
      expect(await pairs.count()).toBe(3);
      await page
        .getByRole('table', { name: /where .+ and .+ differ most/ })
        .first()
        .waitFor();
      for (const [at, runId] of recorded.entries()) {
        await page.goto(`${webUrl}/runs/${runId}`);
        await page.getByText('Its very file gives the probabilities that were uploaded.').waitFor();
        await registerAndPromote(page, `of-${programs[at]}`);
      }
      expect(dashboard.complaints).toEqual([]);
    },
    600_000,
  );
});

/** From the page of a run whose model was checked. */
async function registerAndPromote(page: Page, model: string): Promise<void> {
  await page.getByRole('button', { name: 'Register model' }).click();
  const form = page.getByRole('form', { name: 'Register version' });
  await form.getByLabel('Model', { exact: true }).selectOption({ label: 'A new model' });
  await form.getByLabel('Name of the new model').fill(model);
  await page.getByRole('button', { name: 'Register version' }).click();
  await page.getByText(/A worker computed 48 probabilities of VALIDATION and TEST once more/).waitFor();
  await page.getByRole('button', { name: 'Promote version 1' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('Best of all that was tried');
  const override = dialog.getByRole('checkbox');
  if ((await override.count()) > 0) await override.check();
  await dialog.getByRole('button', { name: 'Promote to champion' }).click();
  await page.getByText('champion: version 1').waitFor();
}

/** The id of its run, which succeeded, and whose model a worker has checked. */
async function runProgram(
  program: string,
  { apiUrl, splitId, datasetId }: { apiUrl: string; splitId: string; datasetId: string },
): Promise<string> {
  const args = ['--url', apiUrl, '--split', splitId, '--dataset', datasetId, '--epochs', '4'];
  const env = { ...readInheritedEnv(), KERAS_BACKEND: 'torch', OMP_NUM_THREADS: '1' };
  const path = `clients/python/examples/${program}`;
  const { stdout } = await promisify(execFile)(python!, [path, ...args], { env });
  const { run, check } = JSON.parse(stdout.slice(stdout.indexOf('{"run"')));
  expect(check).toMatchObject({ status: 'PASSED', error: null, patchesTotal: 48 });
  return run;
}
