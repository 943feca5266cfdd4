/**
 * Files of MLflow clients over HTTP: the store that `mlflow-artifacts:` stands for, streamed in and out, and the calls by
 * which pages and old clients reach the files of a run, of a version or of a logged model.
 */
import { basename } from 'node:path/posix';
import { AppError } from '@microtome/domain/app-error';
import { checkStorable } from '@microtome/domain/text-rules';
import {
  type ArtifactPlace,
  checkArtifactPath,
  getRunUri,
  parseArtifactPlace,
} from '@microtome/store/mlflow/artifact-places';
import { listExperimentsById } from '@microtome/store/mlflow/mlflow-experiments';
import { deleteKeptFiles, getKeptFile, listKeptFiles } from '@microtome/store/mlflow/mlflow-files';
import { requireRun } from '@microtome/store/mlflow/mlflow-runs';
import type { ScopedStore } from '@microtome/store/mlflow/mlflow-scope';
import { getModelVersion } from '@microtome/store/mlflow/model-versions';
import { keepLoggedFile } from '@microtome/store/mlflow/prediction-files';
import express, { type Request, type Response, type Router } from 'express';
import { sendArtifact } from '../http/send-artifact.ts';
import type { ApiServices } from '../services.ts';
import { describeFiles, readFolder } from './file-json.ts';
import { readProjectHeader } from './judge-call.ts';
import { type MlflowRoute, reading } from './mlflow-route.ts';
import { performCall } from './perform-call.ts';

const SMALL_UPLOAD_BYTES = 10 * 1024 * 1024;
const UNKNOWN_TYPE = 'application/octet-stream';
const MEDIA_TYPE = /^[\w.+-]{1,60}\/[\w.+-]{1,60}$/;
const STORE_PATH = '/api/2.0/mlflow-artifacts/artifacts';
const ROOT_URI = 'mlflow-artifacts:/';

type At = { path: string[] };

/** The list of a run's files, which is answered as JSON like any other call. */
export const FILE_ROUTES: readonly MlflowRoute[] = [
  reading('/artifacts/list', async ({ store, fields }) => {
    const runId = fields.requiredText('run_id');
    const path = readFolder(fields.text('path'));
    const run = await requireRun(store, runId);
    const experiment = (await listExperimentsById(store, [run.experimentId])).get(run.experimentId)!;
    const files = await listKeptFiles(store, { kind: 'run', runId, path });
    return { root_uri: getRunUri(experiment, runId), files: describeFiles(files.filter(isBelow(path))) };
  }),
];

/** Before any parser of bodies: files are streamed. */
export function addArtifactRoutes(router: Router, services: ApiServices): void {
  addStore(router, services);
  const send = createSender(services);
  const { evaluate } = services.background;
  router.get('/get-artifact', async (request, response) => {
    const path = checkArtifactPath(readText(request, 'path'));
    const runId = readText(request, 'run_id') || readText(request, 'run_uuid');
    await send({ kind: 'run', runId, path }, { request, response });
  });
  router.get('/model-versions/get-artifact', async (request, response) => {
    const path = checkArtifactPath(readText(request, 'path'));
    const key = { name: readText(request, 'name'), version: readText(request, 'version') };
    const { storageLocation } = await performCall(
      services,
      { ...describeRequest(request, '/model-versions/get'), response, asked: key },
      ({ store }) => getModelVersion(store, key),
    );
    await send(parseArtifactPlace(`${findOwnPath(storageLocation)}/${path}`), { request, response });
  });
  router.get('/api/2.0/mlflow/logged-models/:model_id/artifacts/files', async (request, response) => {
    const path = checkArtifactPath(readText(request, 'artifact_file_path'));
    await send({ kind: 'model', modelId: request.params.model_id, path }, { request, response });
  });
  router.post(
    '/api/2.0/mlflow/upload-artifact',
    express.raw({ type: () => true, limit: SMALL_UPLOAD_BYTES }),
    async (request, response) => {
      const runId = readText(request, 'run_uuid') || refuse('Request must specify run_uuid.');
      const path = checkArtifactPath(readText(request, 'path') || refuse('Request must specify path.'));
      const source: unknown = request.body;
      if (!Buffer.isBuffer(source) || source.length === 0) return refuse('Request must specify data.');
      const place = { kind: 'run', runId, path } as const;
      await atPlace(services, place, { request, response, act: '/upload-artifact' }, (store) =>
        keepLoggedFile(store, { place, source, mediaType: UNKNOWN_TYPE, evaluate }),
      );
      response.json({});
    },
  );
}

function addStore(router: Router, services: ApiServices): void {
  const send = createSender(services);
  const { evaluate } = services.background;
  const readPlace = ({ params }: Request<At>) => parseArtifactPlace(params.path.join('/'));
  router.get(STORE_PATH, async (request, response) => {
    const place = parseArtifactPlace(readText(request, 'path'));
    const all = await atPlace(services, place, { request, response }, (store) => listKeptFiles(store, place));
    const files = all.filter(isBelow(place.path));
    response.json({ files: describeFiles(files.map((file) => ({ ...file, path: basename(file.path) }))) });
  });
  router.get(`${STORE_PATH}/*path`, async (request: Request<At>, response) => {
    await send(readPlace(request), { request, response });
  });
  router.put(`${STORE_PATH}/*path`, async (request: Request<At>, response) => {
    const given = request.header('content-type') ?? '';
    const mediaType = MEDIA_TYPE.test(given) ? given : UNKNOWN_TYPE;
    const place = readPlace(request);
    await atPlace(services, place, { request, response, act: '/artifacts/put' }, (store) =>
      keepLoggedFile(store, { place, source: request, mediaType, evaluate }),
    );
    response.json({});
  });
  router.delete(`${STORE_PATH}/*path`, async (request: Request<At>, response) => {
    const place = readPlace(request);
    await atPlace(services, place, { request, response, act: '/artifacts/delete' }, (store) =>
      deleteKeptFiles(store, place),
    );
    response.json({});
  });
}

/** For who may see, or with an act's name change, what is kept there. */
function atPlace<Answer>(
  services: ApiServices,
  place: ArtifactPlace,
  { request, response, act }: { request: Named; response: Response; act?: string },
  answer: (store: ScopedStore) => Promise<Answer>,
): Promise<Answer> {
  const owner = place.kind === 'run' ? { run_id: place.runId } : { model_id: place.modelId };
  const call = { ...describeRequest(request, act ?? '/artifacts/get'), writes: act !== undefined };
  return performCall(services, { ...call, response, asked: { ...owner, path: place.path } }, ({ store }) =>
    answer(store),
  );
}

type Named = Pick<Request, 'header'>;

function describeRequest(request: Named, path: string) {
  return { path, writes: false, project: readProjectHeader(request) };
}

/** Files may be replaced, so the client asks again each time; none is opened as a page. */
function createSender(services: ApiServices) {
  return async (
    place: ArtifactPlace,
    {
      request,
      response,
    }: { request: Pick<Request, 'fresh' | 'range' | 'method' | 'header'>; response: Response },
  ) => {
    const artifact = await atPlace(services, place, { request, response }, async (store) => {
      if (place.kind === 'run') await requireRun(store, place.runId);
      return getKeptFile(store, place);
    });
    response.attachment(basename(place.path));
    const { artifacts } = services.store;
    const shared = { artifacts, artifact, response, cacheControl: 'no-cache' };
    await sendArtifact({ ...shared, request });
  };
}

/** A file is nothing that lies in a folder. */
function isBelow(folder: string): (file: { path: string }) => boolean {
  return ({ path }) => path !== folder;
}

/** The path below the store. NOT_FOUND for files that are kept elsewhere. */
function findOwnPath(uri: string): string {
  if (uri.startsWith(ROOT_URI) && !uri.startsWith(`${ROOT_URI}/`)) {
    return uri.slice(ROOT_URI.length).replace(/\/+$/, '');
  }
  throw new AppError('NOT_FOUND', `The files of this version are at '${uri}', which is not kept here.`);
}

function readText({ query }: Request, name: string): string {
  const value = query[name];
  if (typeof value !== 'string') return '';
  checkStorable(value, `The parameter '${name}'`);
  return value;
}

function refuse(message: string): never {
  throw new AppError('BAD_INPUT', message);
}
