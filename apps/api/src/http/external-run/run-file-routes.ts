/**
 * The files that a program keeps with its run: PUT, GET and DELETE /runs/:id/files/PATH. A file is streamed in and stored by
 * its content; what is deleted is a file, or a folder with all that is in it.
 */
import { deleteRunFiles, getRunFile, putRunFile } from '@microtome/store/external-run/run-files';
import type { Request, Router } from 'express';
import { parseRecordId } from '../../graphql/record-id.ts';
import type { ApiServices } from '../../services.ts';
import type { RouteDescription } from '../route-description.ts';
import { sendArtifact } from '../send-artifact.ts';

const ANY_TYPE = 'application/octet-stream';
const MEDIA_TYPE = /^[\w!#$&^.+-]{1,80}\/[\w!#$&^.+-]{1,80}$/;
/** What the browser must not take for a page of ours. */
const PLAIN = 'application/octet-stream';
const SHOWABLE = /^(image\/(png|jpeg|gif|webp)|text\/plain|text\/csv|application\/json)$/;

const PATH = '/runs/:runId/files/*path';

export const RUN_FILE_ROUTES: readonly RouteDescription[] = [
  {
    method: 'PUT',
    path: PATH,
    about: 'Keeps a file with an external run, under the path given.',
    takes: 'the bytes of the file, with its content-type',
    gives: 'application/json: `path`, `bytes`, `hash`',
  },
  { method: 'GET', path: PATH, about: 'A file that was kept with a run.', gives: 'as it was stored' },
  {
    method: 'DELETE',
    path: PATH,
    about: 'Deletes a file of an external run, or a folder with all that is in it.',
    gives: 'nothing',
  },
];

export function addRunFileRoutes(router: Router, { store }: Pick<ApiServices, 'store'>): void {
  router.put(PATH, async (request, response) => {
    const { runId, path } = readPlace(request);
    const sent = (request.get('content-type') ?? ANY_TYPE).split(';')[0]!.trim().toLowerCase();
    const mediaType = MEDIA_TYPE.test(sent) ? sent : ANY_TYPE;
    const file = await putRunFile(store, { runId, path, mediaType, source: request });
    const bytes = Number(file.artifact.bytes);
    response.status(201).json({ path: file.path, bytes, hash: file.artifactHash });
  });
  router.get(PATH, async (request, response) => {
    const file = await getRunFile(store, readPlace(request));
    const { bytes, mediaType } = file.artifact;
    response.setHeader('content-disposition', 'attachment');
    response.setHeader('x-content-type-options', 'nosniff');
    await sendArtifact({
      artifacts: store.artifacts,
      artifact: { hash: file.artifactHash, bytes, mediaType: SHOWABLE.test(mediaType) ? mediaType : PLAIN },
      request,
      response,
      cacheControl: 'private, no-cache',
    });
  });
  router.delete(PATH, async (request, response) => {
    await deleteRunFiles(store, readPlace(request));
    response.status(204).end();
  });
}

function readPlace({ params }: Request): { runId: string; path: string } {
  const parts = params.path as unknown as string[] | string;
  return {
    runId: parseRecordId(String(params.runId), 'run'),
    path: Array.isArray(parts) ? parts.join('/') : String(parts ?? ''),
  };
}
