/**
 * GET /external-evaluations/:id/predictions.csv and .parquet: one row per patch, with the columns of a run's predictions.
 * Without a task the patches have no labels, and the column of labels is left out.
 */
import {
  getExternalEvaluation,
  requirePredictions,
} from '@microtome/store/external-evaluation/external-predictions';
import { getTask } from '@microtome/store/task/tasks';
import type { Router } from 'express';
import { tabulatePredictions } from '../evaluation/prediction-table.ts';
import { parseRecordId } from '../graphql/record-id.ts';
import { TABLE_FORMATS } from '../report/export-table.ts';
import type { ApiServices } from '../services.ts';
import { sendTable } from './send-table.ts';

export function addExternalEvaluationRoutes(router: Router, services: ApiServices): void {
  const { store, predictions, background } = services;
  for (const format of TABLE_FORMATS) {
    router.get(`/external-evaluations/:id/predictions.${format}`, async (request, response) => {
      const id = parseRecordId(request.params.id, 'external evaluation');
      const evaluation = await getExternalEvaluation(store, id);
      const { datasetId, taskId } = evaluation;
      const found = await predictions.readPredictions(requirePredictions(evaluation));
      const { placesFrom, unit } = await store.database.prisma.dataset.findUniqueOrThrow({
        where: { id: datasetId },
      });
      const patches = await predictions.listPatches(datasetId);
      const task = taskId ? await getTask(store, taskId) : null;
      const sides = task?.sides ?? [];
      const rows = [{ ...found, subset: 'EXTERNAL' as const }];
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
  }
}
