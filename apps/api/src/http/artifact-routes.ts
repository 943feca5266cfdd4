/**
 * Files by content hash: GET /artifacts/:hash. An artifact never changes, so a client may keep it forever;
 * predictions of a sealed TEST are refused under every name.
 */
import { AppError } from '@microtome/domain/app-error';
import { isArtifactSealed } from '@microtome/store/evaluation/artifact-seal';
import type { Router } from 'express';
import type { ApiServices } from '../services.ts';
import type { RouteDescription } from './route-description.ts';
import { sendArtifact } from './send-artifact.ts';

const HASH = /^[0-9a-f]{64}$/;

export const ARTIFACT_ROUTES: readonly RouteDescription[] = [
  {
    method: 'GET',
    path: '/artifacts/:hash',
    about: 'A file by its sha256. It never changes. Predictions of a sealed TEST are refused.',
    gives: 'as it was stored',
  },
];

export function addArtifactRoutes(router: Router, { store }: ApiServices): void {
  router.get('/artifacts/:hash', async (request, response) => {
    const { hash } = request.params;
    const artifact = HASH.test(hash)
      ? await store.database.prisma.artifact.findUnique({ where: { hash } })
      : null;
    if (!artifact) throw new AppError('NOT_FOUND', `There is no artifact '${hash}'.`);
    if (await isArtifactSealed(store, hash)) {
      throw new AppError('SEALED', 'These are predictions of a sealed TEST: open it for the run first.');
    }
    await sendArtifact({ artifacts: store.artifacts, artifact, request, response });
  });
}
