/**
 * PUT /runs/:id/predictions: those of an external program, as CSV or Parquet with the columns `patch` and `probability`. The
 * body goes to a file first, because Parquet is read from its end.
 */
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import { PREDICTION_BYTES_MAX, uploadPredictions } from '@microtome/store/external-run/upload-predictions';
import { openTableAt } from '@microtome/store/import/table/open-table';
import type { Router } from 'express';
import { parseRecordId } from '../../graphql/record-id.ts';
import type { ApiServices } from '../../services.ts';
import type { RouteDescription } from '../route-description.ts';

export const UPLOADED_PREDICTION_ROUTES: readonly RouteDescription[] = [
  {
    method: 'PUT',
    path: '/runs/:runId/predictions',
    about:
      'Takes the predictions of an external run on its split, once: the probability of the positive side for every patch of ' +
      'VALIDATION and TEST. VALIDATION is evaluated at once, TEST stays sealed.',
    takes: 'CSV or Parquet, as it is or gzip, with the columns `patch` and `probability`',
    gives: 'application/json: `threshold`',
  },
];

export function addUploadedPredictionRoutes(
  router: Router,
  { store, background }: Pick<ApiServices, 'store' | 'background'>,
): void {
  router.put('/runs/:runId/predictions', async (request, response) => {
    const runId = parseRecordId(request.params.runId, 'run');
    const folder = await mkdtemp(join(tmpdir(), 'microtome-predictions-'));
    try {
      const path = join(folder, 'predictions');
      await pipeline(request, limitBytes, createWriteStream(path));
      const table = await openTableAt(path);
      try {
        const run = await uploadPredictions(store, { runId, table, evaluate: background.evaluate });
        response.status(201).json({ threshold: run.threshold });
      } finally {
        await table.close();
      }
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}

async function* limitBytes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > PREDICTION_BYTES_MAX) {
      throw new AppError('BAD_INPUT', `The predictions have more than ${PREDICTION_BYTES_MAX} bytes.`);
    }
    yield chunk;
  }
}
