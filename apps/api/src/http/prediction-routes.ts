/**
 * A run's tables as files: GET /runs/:id/predictions.csv and .parquet, one row per patch; GET /runs/:id/patients.csv and
 * .parquet, one row per patient; GET /runs/:id/sites.csv and .parquet, one row per site. VALIDATION first, and TEST once it is opened.
 */
import { AppError } from '@microtome/domain/app-error';
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import { listReadablePredictions } from '@microtome/store/evaluation/scored-predictions';
import type { Evaluation, Run } from '@microtome/store/generated/prisma/client';
import { requireSplit } from '@microtome/store/run/split-run';
import { withTask } from '@microtome/store/task/tasks';
import type { Router } from 'express';
import { putPredictionsInContext } from '../evaluation/context-reading.ts';
import { describeEvaluation } from '../evaluation/evaluation-picture.ts';
import { tabulatePatientRows } from '../evaluation/patient-table.ts';
import { tabulatePredictions } from '../evaluation/prediction-table.ts';
import { tabulateSiteRows } from '../evaluation/site-export.ts';
import { evaluateBySite } from '../evaluation/site-table.ts';
import { parseRecordId } from '../graphql/record-id.ts';
import { TABLE_FORMATS } from '../report/export-table.ts';
import type { ApiServices } from '../services.ts';
import { describeTables, type RouteDescription } from './route-description.ts';
import { sendTable } from './send-table.ts';

export const PREDICTION_ROUTES: readonly RouteDescription[] = [
  ...describeTables(TABLE_FORMATS, {
    path: '/runs/:runId/predictions',
    about:
      'One row per patch of VALIDATION, and of TEST once it is opened: patient, place, label, probability, and the probability in context where the patch has one.',
  }),
  ...describeTables(TABLE_FORMATS, {
    path: '/runs/:runId/patients',
    about: 'One row per patient: counts, every metric that is defined, true and called area.',
  }),
  ...describeTables(TABLE_FORMATS, {
    path: '/runs/:runId/sites',
    about: 'One row per site, where the source tells any: counts, every metric with its interval.',
  }),
];

export function addPredictionRoutes(router: Router, services: ApiServices): void {
  const { store, predictions, background } = services;
  for (const format of TABLE_FORMATS) {
    router.get(`/runs/:runId/predictions.${format}`, async (request, response) => {
      const run = await findRun(services, request.params.runId);
      const found = await listReadablePredictions(store, run.id, predictions);
      if (found.length === 0) {
        throw new AppError('NOT_FOUND', `Run '${run.name}' is ${run.status}: it has no predictions.`);
      }
      const patches = await predictions.listPatches(run.datasetId);
      const { placesFrom } = run.split.dataset;
      const { sides } = run.experiment.task;
      const rows = await Promise.all(
        found.map(async (side) => {
          const subject = { ...side, runId: run.id, datasetId: run.datasetId };
          return { ...side, inContext: await putPredictionsInContext(services, subject) };
        }),
      );
      const table = tabulatePredictions(rows, { patches, placesFrom, sides });
      await sendTable({ background, table, format, ...describeTable('predictions', run), response });
    });

    router.get(`/runs/:runId/patients.${format}`, async (request, response) => {
      const run = await findRun(services, request.params.runId);
      const parts = await Promise.all(
        (await listEvaluations(services, run)).map(async (evaluation) => {
          const { subset, threshold } = evaluation;
          const { patients } = await describeEvaluation(services, evaluation);
          return patients.map((row) => ({ ...row, subset, threshold }));
        }),
      );
      const table = tabulatePatientRows(parts.flat());
      await sendTable({ background, table, format, ...describeTable('patients', run), response });
    });

    router.get(`/runs/:runId/sites.${format}`, async (request, response) => {
      const run = await findRun(services, request.params.runId);
      const parts = await Promise.all(
        (await listEvaluations(services, run)).map(async (evaluation) => {
          const sites = await evaluateBySite(services, evaluation);
          return sites.map((site) => ({ ...site, subset: evaluation.subset }));
        }),
      );
      if (parts.every((sites) => sites.length === 0)) {
        throw new AppError('NOT_FOUND', `The source of dataset '${run.split.dataset.name}' tells no site.`);
      }
      const table = tabulateSiteRows(parts.flat());
      await sendTable({ background, table, format, ...describeTable('sites', run), response });
    });
  }
}

/** VALIDATION first; a sealed TEST has none. NOT_FOUND before there is any. */
async function listEvaluations({ store }: ApiServices, run: Run): Promise<Evaluation[]> {
  const evaluations = await store.database.prisma.evaluation.findMany({
    where: { runId: run.id },
    orderBy: { subset: 'desc' },
  });
  if (evaluations.length > 0) return evaluations;
  throw new AppError('NOT_FOUND', `Run '${run.name}' is ${run.status}: it has not been evaluated.`);
}

async function findRun({ store }: ApiServices, id: string) {
  const runId = parseRecordId(id, 'run');
  const run = await store.database.prisma.run.findUnique({
    where: { id: runId },
    include: { ...withTask, split: { include: { dataset: true } } },
  });
  if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
  return requireSplit(run);
}

/** The columns are a contract, so an unsafe split is marked in the name of the file. */
function describeTable(table: string, { id, split, experiment }: Awaited<ReturnType<typeof findRun>>) {
  return {
    name: { table: `${isUnsafeSplit(split) ? 'UNSAFE-' : ''}${table}`, id },
    subject: { task: experiment.task, unit: split.dataset.unit },
  };
}
