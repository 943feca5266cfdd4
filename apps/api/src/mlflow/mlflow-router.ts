/**
 * MLflow's REST protocol at /mlflow: a stock client with `MLFLOW_TRACKING_URI=http://HOST:PORT/mlflow` records runs here. Its runs
 * and experiments are ours; each noun has its own file of calls, and every call is listed in mlflow-calls.ts.
 */
import { AppError } from '@microtome/domain/app-error';
import { PROJECT_TAG } from '@microtome/domain/mlflow/mlflow-words';
import { checkStorable } from '@microtome/domain/text-rules';
import express, { type Request, type Response, type Router } from 'express';
import type { ApiServices } from '../services.ts';
import { addArtifactRoutes } from './artifact-routes.ts';
import { readProjectHeader } from './judge-call.ts';
import { CALLS_ROOT, MLFLOW_CALLS } from './mlflow-calls.ts';
import { createMlflowErrorAnswer } from './mlflow-errors.ts';
import { type MlflowRoute, WrittenJson } from './mlflow-route.ts';
import { performCall } from './perform-call.ts';
import { openRequest } from './request-reader.ts';

/** The release whose protocol this is. */
const PROTOCOL_VERSION = '3.17.2';
/** A batch of MLflow's has at most 1 MB; descriptions of data sets may be longer. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
/** Clients use `api`, pages `ajax-api`; some calls are asked for under a later version. All are one call. */
const SPELLINGS = /^\/(?:ajax-)?api\/[23]\.0\/(mlflow(?:-artifacts)?\/)/;

export function createMlflowRouter(services: ApiServices): Router {
  const router = express.Router();
  router.use((request, _response, next) => {
    // Some clients write two slashes behind the server's address.
    request.url = request.url.replace(/^\/{2,}/, '/').replace(SPELLINGS, '/api/2.0/$1');
    next();
  });
  addServerInfo(router);
  addArtifactRoutes(router, services);
  const readBody = express.text({ type: () => true, limit: MAX_BODY_BYTES });
  for (const route of MLFLOW_CALLS) addRoute(router, route, { services, readBody });
  router.use((request) => {
    throw new AppError(
      'NOT_FOUND',
      `MLflow's call '${request.method} ${request.path}' is not answered here.`,
      {
        details: { mlflow: 'ENDPOINT_NOT_FOUND' },
      },
    );
  });
  router.use(createMlflowErrorAnswer(services.log));
  return router;
}

function addRoute(
  router: Router,
  { methods, path, writes, answer }: MlflowRoute,
  { services, readBody }: { services: ApiServices; readBody: ReturnType<typeof express.text> },
): void {
  for (const method of methods) {
    const verb = method.toLowerCase() as Lowercase<typeof method>;
    router[verb](CALLS_ROOT + path, readBody, async (request: Request, response) => {
      const { fields, values } = openRequest(request);
      const asked = { ...values, ...request.params };
      const call = { path, writes, asked, project: readProject(request, { writes, path, values }) };
      const param = (name: string) => readParam(request, name);
      const answered = await performCall(services, { ...call, response }, ({ store, accountId }) =>
        answer({ store, accountId, fields, param }),
      );
      if (answered instanceof WrittenJson) sendWritten(response, answered);
      else response.json(answered);
    });
  }
}

/** Express would copy it. */
function sendWritten(response: Response, { bytes }: WrittenJson): void {
  response.setHeader('content-type', 'application/json; charset=utf-8');
  response.setHeader('content-length', bytes.length);
  response.end(bytes);
}

/** What is made says it by a tag, any other call by a header. */
function readProject(
  request: Request,
  { writes, path, values }: { writes: boolean; path: string; values: Record<string, unknown> },
): string | null {
  const tags = writes && path.endsWith('/create') && Array.isArray(values.tags) ? values.tags : [];
  const tag = tags.find((entry: { key?: unknown } | null) => entry?.key === PROJECT_TAG)?.value;
  return typeof tag === 'string' && tag !== '' ? tag : readProjectHeader(request);
}

function readParam({ params }: Request, name: string): string {
  const value = String(params[name] ?? '');
  checkStorable(value, 'The address');
  return value;
}

function addServerInfo(router: Router): void {
  router.get('/version', (_request, response) => void response.type('text').send(PROTOCOL_VERSION));
  router.get('/health', (_request, response) => void response.type('text').send('OK'));
  router.get(`${CALLS_ROOT}/server-info`, (_request, response) => {
    response.json({
      store_type: 'SqlStore',
      workspaces_enabled: false,
      trace_archival_enabled: false,
      multipart_uploads_enabled: false,
      multipart_downloads_enabled: false,
      features_enabled: { gateway: false },
    });
  });
}
