/**
 * A run's model: GET /runs/:id/model/model.json for TensorFlow.js, the weights that it names, and model.onnx
 * for any other runtime.
 */
import { AppError } from '@microtome/domain/app-error';
import type { Router } from 'express';
import { parseRecordId } from '../graphql/record-id.ts';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';
import { sendArtifact } from './send-artifact.ts';

export const MODEL_ROUTES: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: '/runs/:runId/model/:file',
    about: 'The model of a run: `model.json` for TensorFlow.js, the weights that it names, and `model.onnx`.',
    gives: 'as it was stored',
  },
];

export function addModelRoutes(router: Router, { store }: ApiServices): void {
  router.get('/runs/:runId/model/:file', async (request, response) => {
    const runId = parseRecordId(request.params.runId, 'run');
    const { file } = request.params;
    const role = nameRole(file);
    const found =
      role &&
      (await store.database.prisma.runArtifact.findUnique({
        where: { runId_role: { runId, role } },
        include: { artifact: true },
      }));
    if (!found) throw new AppError('NOT_FOUND', `Run '${runId}' has no model file '${file}'.`);
    const { artifact } = found;
    await sendArtifact({ artifacts: store.artifacts, artifact, request, response, cacheControl: 'no-cache' });
  });
}

function nameRole(file: string): string | null {
  if (file === 'model.json') return 'MODEL_JSON';
  if (file === 'model.onnx') return 'MODEL_ONNX';
  return file.endsWith('.bin') ? 'MODEL_WEIGHTS' : null;
}
