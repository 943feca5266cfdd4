/**
 * GET /runs/:id/predictions.csv: one line a patch, VALIDATION first and TEST once it is opened. Places are written as
 * in the file names of the IDC layout, counted from 1; a probability reads back as the very double that is stored.
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { AppError } from '@microtome/domain/app-error';
import type { SubsetPatches } from '@microtome/store/subset-patches';
import type { Router } from 'express';
import type { ApiServices } from '../context.ts';
import { parseRecordId } from '../record-id.ts';
import type { SubsetPredictions } from '../run-predictions.ts';

const HEADER = 'patient,x,y,label,subset,probability\n';
const LINES_PER_CHUNK = 2000;

export function addPredictionRoutes(router: Router, { store, predictions }: ApiServices): void {
  router.get('/runs/:runId/predictions.csv', async (request, response) => {
    const runId = parseRecordId(request.params.runId, 'run');
    const run = await store.database.prisma.run.findUnique({ where: { id: runId } });
    if (!run) throw new AppError('NOT_FOUND', `There is no run '${runId}'.`);
    const found = await predictions.listPredictions(runId);
    if (found.length === 0) {
      throw new AppError('NOT_FOUND', `Run '${run.name}' is ${run.status}: it has no predictions.`);
    }
    const patches = await predictions.listPatches(run.datasetId);
    response.setHeader('content-type', 'text/csv; charset=utf-8; header=present');
    response.setHeader('content-disposition', `attachment; filename="predictions-${runId}.csv"`);
    response.setHeader('cache-control', 'no-cache');
    await pipeline(Readable.from(writeLines(found, patches)), response);
  });
}

function* writeLines(found: SubsetPredictions[], patches: SubsetPatches): Generator<string> {
  yield HEADER;
  for (const { subset, patchIndexes, probabilities } of found) {
    let lines: string[] = [];
    for (const [position, patch] of patchIndexes.entries()) {
      const patientKey = patches.patientKeys[patches.patients[patch] ?? 0] ?? '';
      const place = `${quote(patientKey)},${(patches.x[patch] ?? 0) + 1},${(patches.y[patch] ?? 0) + 1}`;
      lines.push(`${place},${patches.labels[patch]},${subset},${probabilities[position]}\n`);
      if (lines.length < LINES_PER_CHUNK) continue;
      yield lines.join('');
      lines = [];
    }
    yield lines.join('');
  }
}

/** Keys of other sources than IDC may hold anything. A leading sign would make a spreadsheet compute. */
function quote(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
