/** GET /sweeps/:id/out-of-fold.csv and .parquet: one row per patch of every fold's TEST, once they are opened. */
import { loadFolds } from '@microtome/store/sweep/fold-predictions';
import { getTaskOfRun } from '@microtome/store/task/tasks';
import type { Router } from 'express';
import { tabulateOutOfFold } from '../evaluation/out-of-fold-table.ts';
import { parseRecordId } from '../graphql/record-id.ts';
import { TABLE_FORMATS } from '../report/export-table.ts';
import type { ApiServices } from '../services.ts';
import { describeTables, type RouteDescription } from './route-description.ts';
import { sendTable } from './send-table.ts';

export const OUT_OF_FOLD_ROUTES: readonly RouteDescription[] = describeTables(TABLE_FORMATS, {
  path: '/sweeps/:sweepId/out-of-fold',
  about: 'One row per patch of every fold’s TEST, once they are opened.',
});

export function addOutOfFoldRoutes(router: Router, services: ApiServices): void {
  const { store, predictions, background } = services;
  for (const format of TABLE_FORMATS) {
    router.get(`/sweeps/:sweepId/out-of-fold.${format}`, async (request, response) => {
      const sweepId = parseRecordId(request.params.sweepId, 'sweep');
      const folds = await loadFolds(store, sweepId, predictions);
      const datasetId = folds[0]?.datasetId ?? '';
      const { placesFrom, unit } = await store.database.prisma.dataset.findUniqueOrThrow({
        where: { id: datasetId },
      });
      const patches = await predictions.listPatches(datasetId);
      const task = await getTaskOfRun(store, folds[0]?.runId ?? '');
      const { sides } = task;
      const table = tabulateOutOfFold(folds, { patches, placesFrom, sides });
      await sendTable({
        background,
        table,
        format,
        name: { table: 'out-of-fold', id: sweepId },
        subject: { task, unit },
        response,
      });
    });
  }
}
