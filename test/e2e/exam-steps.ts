/** A small trained run and another centre's patients, and what a person does with them in a browser. */
import { createExperiment } from '@microtome/store/experiment/experiments';
import { createModel, registerModelVersion } from '@microtome/store/model/models';
import { launchRun } from '@microtome/store/run/run-lifecycle';
import { createSplit } from '@microtome/store/split/create-split';
import type { Store } from '@microtome/store/store';
import type { Page } from 'playwright-core';
import { insertDataset } from '../fixtures/dataset.ts';

const SHAPE = { patchesPerPatient: 24, patchSizePx: 32 };
const TINY = { architecture: 'shallow', width: 0.25, epochs: 2, batchSize: 16, learningRate: 0.002 };

export type ExamBench = { runId: string; modelId: string; versionId: string };

/** Queues a run at home, registers it as a model once it has succeeded, and brings another centre with two sites. */
export async function prepareExam(
  store: Store,
  untilSucceeded: (runId: string) => Promise<void>,
): Promise<ExamBench> {
  const { datasetId } = await insertDataset(store, { ...SHAPE, patients: 12, seed: 1, name: 'home' });
  const patientKeys = Array.from({ length: 24 }, (_, at) => `utrecht-${10 + at}`);
  await insertDataset(store, {
    ...SHAPE,
    patients: patientKeys.length,
    patientKeys,
    seed: 2,
    name: 'Utrecht',
    siteOf: (patient) => (patient < 12 ? 'A' : 'B'),
  });
  const [split] = await createSplit(store, { datasetId, strategy: 'PATIENT_STRATIFIED', seed: 1 });
  const experiment = await createExperiment(store, { datasetId, name: 'For an exam' });
  const { id: runId } = await launchRun(store, {
    experimentId: experiment.id,
    splitId: split!.id,
    hyperparameters: TINY,
    name: 'candidate',
  });
  await untilSucceeded(runId);
  const { id: modelId } = await createModel(store, { name: 'examined' });
  const { id: versionId } = await registerModelVersion(store, { modelId, runId });
  return { runId, modelId, versionId };
}

/** The patients whom it was trained on are no exam, and the dialog says so before anything is asked for. */
export async function seeRefusal(page: Page, webUrl: string, { runId }: ExamBench): Promise<void> {
  await page.goto(`${webUrl}/runs/${runId}?tab=evaluation`);
  await page.getByText('How it does at another centre is unknown.').waitFor();
  await page.getByRole('button', { name: 'Put to the test' }).click();
  const form = page.getByRole('form', { name: 'Put to the test' });
  await form.getByLabel('Dataset').selectOption({ label: 'home (12 patients)' });
  await form.getByRole('alert').getByText('of its patients were in TRAIN or VALIDATION of the run').waitFor();
  await form.getByRole('button', { name: 'Put it to the test', disabled: true }).waitFor();
}

/** In the dialog that the refusal left open. Resolves at the page of the result. */
export async function putToTheTest(page: Page): Promise<void> {
  const form = page.getByRole('form', { name: 'Put to the test' });
  await form.getByLabel('Dataset').selectOption({ label: 'Utrecht (24 patients)' });
  await form.getByText('24 patients, 576 patches').waitFor();
  await form.getByLabel('Your name').fill('R. Reviewer');
  await form.getByRole('button', { name: 'Put it to the test' }).click();
  await page.waitForURL('**/external-evaluations/*');
  await page.getByRole('heading', { name: 'candidate on Utrecht' }).waitFor();
}

/** The page follows by itself: figures next to those at home, by site, and what another threshold would have given. */
export async function readResult(page: Page): Promise<void> {
  const metrics = page.getByRole('table', { name: 'Metrics here and at home' });
  await metrics.getByRole('columnheader', { name: 'At home, VALIDATION' }).waitFor();
  await metrics.getByRole('row', { name: /^Calibration slope/ }).waitFor();
  const sites = page.getByRole('table', { name: 'Sites of Utrecht' });
  for (const site of ['A', 'B']) await sites.getByRole('cell', { name: site, exact: true }).waitFor();
  await page.getByRole('slider', { name: 'Exploratory threshold on Utrecht' }).press('ArrowRight');
  await page.getByText('Exploratory: chosen with the exam’s own labels.').waitFor();
  await page.getByRole('link', { name: 'Open tissue of patient utrecht-10' }).waitFor();
}

/** What it showed elsewhere stands on the model's page and on its card. */
export async function readModel(page: Page, webUrl: string, { modelId }: ExamBench): Promise<void> {
  await page.goto(`${webUrl}/models/${modelId}`);
  const table = page.getByRole('table', { name: 'External evaluations' });
  await table.getByRole('link', { name: 'Utrecht' }).waitFor();
  await page.goto(`${webUrl}/models/${modelId}/versions/1`);
  const section = page.getByRole('region', { name: 'On other patients' });
  await section.getByRole('columnheader', { name: 'Here' }).waitFor();
  await section.getByRole('cell', { name: 'Calibration intercept' }).waitFor();
}
