/**
 * GET /external-evaluations/:id/predictions.csv and .parquet: one row per patch, with the columns of a run's predictions.
 * Without a task the patches have no labels, and the column of labels is left out. With one there are patients.csv and
 * sites.csv too, one row per patient and per site.
 */
import { AppError } from '@microtome/domain/app-error';
import {
  getExternalEvaluation,
  requirePredictions,
} from '@microtome/store/external-evaluation/external-predictions';
import { getTask } from '@microtome/store/task/tasks';
import type { Router } from 'express';
import { putPredictionsInContext } from '../evaluation/context-reading.ts';
import { describeExternalEvaluation, describeExternalSites } from '../evaluation/external-picture.ts';
import { tabulatePatientRows } from '../evaluation/patient-table.ts';
import { tabulatePredictions } from '../evaluation/prediction-table.ts';
import { tabulateSiteRows } from '../evaluation/site-export.ts';
import { parseRecordId } from '../graphql/record-id.ts';
import { TABLE_FORMATS, type TableFormat } from '../report/export-table.ts';
import type { ApiServices } from '../services.ts';
import { describeTables, type RouteDescription } from './route-description.ts';
import { sendTable } from './send-table.ts';

/** The word of the rows, where those of a run have the side of its split. */
const EXTERNAL = 'EXTERNAL';

export const EXTERNAL_EVALUATION_ROUTES: readonly RouteDescription[] = [
  ...describeTables(TABLE_FORMATS, {
    path: '/external-evaluations/:id/predictions',
    about: 'A model on another dataset, one row per patch; without a task there is no column of labels.',
  }),
  ...describeTables(TABLE_FORMATS, {
    path: '/external-evaluations/:id/patients',
    about: 'The same by patient, where the exam has labels.',
  }),
  ...describeTables(TABLE_FORMATS, {
    path: '/external-evaluations/:id/sites',
    about: 'The same by site, where the exam has labels.',
  }),
];

export function addExternalEvaluationRoutes(router: Router, services: ApiServices): void {
  const { store, predictions, background } = services;
  for (const format of TABLE_FORMATS) {
    router.get(`/external-evaluations/:id/predictions.${format}`, async (request, response) => {
      const id = parseRecordId(request.params.id, 'external evaluation');
      const evaluation = await getExternalEvaluation(store, id);
      const { runId, datasetId, taskId } = evaluation;
      const found = await predictions.readPredictions(requirePredictions(evaluation));
      const { placesFrom, unit } = await store.database.prisma.dataset.findUniqueOrThrow({
        where: { id: datasetId },
      });
      const patches = await predictions.listPatches(datasetId);
      const task = taskId ? await getTask(store, taskId) : null;
      const sides = task?.sides ?? [];
      const inContext = await putPredictionsInContext(services, { ...found, runId, datasetId });
      const rows = [{ ...found, subset: EXTERNAL, inContext }];
      const { columns } = tabulatePredictions(rows, { patches, placesFrom, sides });
      const table = { columns: columns.filter(({ name }) => taskId !== null || name !== 'label') };
      await sendTable({
        background,
        table,
        format,
        name: { table: 'external-predictions', id },
        subject: { task, unit },
        response,
      });
    });

    addFigureTables(router, services, format);
  }
}

/** By patient and by site, of an exam with labels. */
function addFigureTables(router: Router, services: ApiServices, format: TableFormat): void {
  const { background } = services;
  router.get(`/external-evaluations/:id/patients.${format}`, async (request, response) => {
    const evaluation = await findLabelled(services, request.params.id);
    const { id, threshold, task, dataset } = evaluation;
    const picture = await describeExternalEvaluation(services, evaluation);
    const rows = (picture?.patients ?? []).map((row) => ({ ...row, subset: EXTERNAL, threshold }));
    const table = tabulatePatientRows(rows);
    const subject = { task, unit: dataset.unit };
    await sendTable({
      background,
      table,
      format,
      name: { table: 'external-patients', id },
      subject,
      response,
    });
  });

  router.get(`/external-evaluations/:id/sites.${format}`, async (request, response) => {
    const evaluation = await findLabelled(services, request.params.id);
    const sites = await describeExternalSites(services, evaluation);
    if (sites.length === 0) throw new AppError('NOT_FOUND', 'The source of the exam tells no site.');
    const table = tabulateSiteRows(sites.map((site) => ({ ...site, subset: EXTERNAL })));
    const { id, task, dataset } = evaluation;
    const subject = { task, unit: dataset.unit };
    await sendTable({
      background,
      table,
      format,
      name: { table: 'external-sites', id },
      subject,
      response,
    });
  });
}

/** NOT_FOUND before it has SUCCEEDED, and where it has no task, and so no figures. */
async function findLabelled({ store }: ApiServices, id: string) {
  const evaluation = await store.database.prisma.externalEvaluation.findUnique({
    where: { id: parseRecordId(id, 'external evaluation') },
    include: { task: true, dataset: true },
  });
  if (!evaluation) throw new AppError('NOT_FOUND', `There is no external evaluation ${id}.`);
  requirePredictions(evaluation);
  if (evaluation.metrics) return evaluation;
  throw new AppError('NOT_FOUND', 'The external evaluation has no task, and so no figures.');
}
