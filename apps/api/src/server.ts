/**
 * The API as one HTTP server: GraphQL over POST and WebSocket, files and pictures over GET. Everything that it needs
 * is passed in; closing it ends open subscriptions and waits for requests that are under way.
 */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ApolloServer } from '@apollo/server';
import { AppError } from '@microtome/domain/app-error';
import cors from 'cors';
import express, { type Express } from 'express';
import { createAccessGate, readAccess } from './access/access-gate.ts';
import type { AuthSettings } from './access/auth-settings.ts';
import { type Authentication, createAuthentication } from './access/authentication.ts';
import { type ApiContext, createContext } from './graphql/context.ts';
import { OPERATION_TIMEOUT_MS } from './graphql/query-limits.ts';
import { createStop } from './graphql/stop-execution.ts';
import { addArtifactRoutes } from './http/artifact-routes.ts';
import { addAuditRoutes } from './http/audit-routes.ts';
import { addComparisonRoutes } from './http/comparison-routes.ts';
import { addContextRoutes } from './http/context/context-routes.ts';
import { addExternalEvaluationRoutes } from './http/external-evaluation-routes.ts';
import { addMetricRoutes } from './http/external-run/metric-routes.ts';
import { addRunFileRoutes } from './http/external-run/run-file-routes.ts';
import { addTrainingDataRoutes } from './http/external-run/training-data-routes.ts';
import { addUploadedPredictionRoutes } from './http/external-run/uploaded-prediction-routes.ts';
import { addGraphiql } from './http/graphiql.ts';
import { createApollo, createGraphqlRoute } from './http/graphql-http.ts';
import { addHealthRoutes } from './http/health.ts';
import { createHostGuard, type HostGuard } from './http/host-guard.ts';
import { createHttpErrorAnswer } from './http/http-errors.ts';
import { addModelCardRoutes } from './http/model-card-routes.ts';
import { addModelRoutes } from './http/model-routes.ts';
import { addOutOfFoldRoutes } from './http/out-of-fold-routes.ts';
import { addPictureRoutes } from './http/picture-routes.ts';
import { addPredictionRoutes } from './http/prediction-routes.ts';
import { addMetricsRoute, createApiMetrics } from './http/prometheus.ts';
import { createRequestLog } from './http/request-log.ts';
import { addRunTableRoutes } from './http/run-table-routes.ts';
import { addSignInRoutes } from './http/sign-in-routes.ts';
import { addSlideAnalysisRoutes } from './http/slide-analysis/slide-analysis-routes.ts';
import { addSplitRoutes } from './http/split-routes.ts';
import { addUploadRoutes } from './http/upload/upload-routes.ts';
import { createMlflowRouter } from './mlflow/mlflow-router.ts';
import { buildSchema } from './schema.ts';
import type { ApiServices } from './services.ts';
import { createGraphqlSocket } from './socket/graphql-socket.ts';
import { SOCKET_LIMITS, type SocketLimits } from './socket/socket-limits.ts';

/** Room for the text of a list, which is bounded where it is taken. */
const MAX_BODY_BYTES = 20 * 1024 * 1024;
const LONG_PREFLIGHT_S = 600;

type ApiServerOptions = {
  services: ApiServices;
  host: string;
  /** 0 takes a free port. */
  port: number;
  webPort: number;
  allowedHosts: readonly string[];
  allowedOrigins: readonly string[];
  /** Serve GraphiQL at GET /graphql. */
  hasGraphiql: boolean;
  /** Answer what the schema is; left out, yes. */
  hasIntrospection?: boolean;
  /** How people sign in; left out, there are no accounts. */
  auth?: AuthSettings | null;
  /** In place of some of the usual limits. */
  socketLimits?: Partial<SocketLimits>;
};

type ApiServer = {
  url: string;
  port: number;
  /** What Express was told to serve. */
  routes: readonly unknown[];
  close(): Promise<void>;
};

export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { services, host } = options;
  const app = express();
  const httpServer = createServer(app);
  let takenPort: number | undefined;
  const getPort = () => {
    takenPort ??= (httpServer.address() as AddressInfo | null)?.port;
    return takenPort ?? options.port;
  };
  const guard = createHostGuard({ ...options, getPort });
  const metrics = createApiMetrics(services);
  const authentication = createAuthentication(services.store, options.auth ?? null);
  const schema = buildSchema();
  const { hasIntrospection = true } = options;
  const apollo = await createApollo({ schema, httpServer, metrics, hasIntrospection });
  addProtection({ app, guard, services, authentication });
  app.use(metrics.countRequest);
  // Routes are looked through in their order: what is asked most often comes first.
  if (options.hasGraphiql) await addGraphiql(app);
  addGraphql(app, apollo, services);
  addRestRoutes(app, services);
  addRunTableRoutes(app, services, schema);
  addSignInRoutes(app, services, authentication);
  addMetricsRoute(app, metrics);
  addLastRoutes(app, services);
  const socket = createGraphqlSocket({
    schema,
    httpServer,
    services,
    metrics,
    guard,
    authentication,
    hasIntrospection,
    limits: { ...SOCKET_LIMITS, ...options.socketLimits },
  });
  await listen(httpServer, { host, port: options.port });
  return {
    url: `http://${host}:${getPort()}`,
    port: getPort(),
    routes: app.router.stack,
    async close() {
      await socket.close();
      // Drains the HTTP server too: no new connections, requests under way may end.
      await apollo.stop();
    },
  };
}

function addProtection({
  app,
  guard,
  services,
  authentication,
}: {
  app: Express;
  guard: HostGuard;
  services: ApiServices;
  authentication: Authentication;
}): void {
  app.disable('x-powered-by');
  app.set('etag', false);
  app.use(createRequestLog(services.log));
  app.use((request, response, next) => {
    guard.check(request.headers);
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    // For whatever is opened as a page: GraphiQL alone replaces it.
    response.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'; sandbox");
    response.setHeader('x-frame-options', 'DENY');
    next();
  });
  app.use(
    cors({
      origin: (origin, decide) => decide(null, origin !== undefined && guard.isOriginAllowed(origin)),
      // To pages that may call at all: the session is a cookie.
      credentials: true,
      exposedHeaders: ['x-request-id', 'etag', 'content-range'],
      maxAge: LONG_PREFLIGHT_S,
    }),
  );
  app.use(createAccessGate(services, authentication));
}

function addGraphql(app: Express, apollo: ApolloServer<ApiContext>, services: ApiServices): void {
  const answer = createGraphqlRoute(apollo, (response) => {
    const { signal, stopped, leave, clear } = createStop(OPERATION_TIMEOUT_MS);
    // The answer's end, not the request's, which comes as soon as the body is read.
    response.once('close', () => (response.writableFinished ? clear() : leave()));
    const requestId = String(response.locals.requestId);
    return createContext(services, { requestId, access: readAccess(response), signal, stopped });
  });
  app.use('/graphql', express.json({ limit: MAX_BODY_BYTES }), answer);
}

function addRestRoutes(app: Express, services: ApiServices): void {
  addMetricRoutes(app, services);
  app.use('/mlflow', createMlflowRouter(services));
  addHealthRoutes(app, services);
  addAuditRoutes(app, services);
  addArtifactRoutes(app, services);
  addModelRoutes(app, services);
  addModelCardRoutes(app, services);
  addPredictionRoutes(app, services);
  addContextRoutes(app, services);
  addUploadRoutes(app, services);
  addRunFileRoutes(app, services);
  addUploadedPredictionRoutes(app, services);
  addTrainingDataRoutes(app, services);
  addSplitRoutes(app, services);
  addOutOfFoldRoutes(app, services);
  addExternalEvaluationRoutes(app, services);
  addComparisonRoutes(app, services);
  addPictureRoutes(app, services);
  addSlideAnalysisRoutes(app, services);
}

function addLastRoutes(app: Express, services: ApiServices): void {
  app.get('/', (_request, response) => {
    response.redirect('/graphql');
  });
  app.use((request) => {
    throw new AppError('NOT_FOUND', `There is nothing at '${request.path}'.`);
  });
  app.use(createHttpErrorAnswer(services.log));
}

async function listen(httpServer: Server, { host, port }: { host: string; port: number }): Promise<void> {
  httpServer.listen(port, host);
  // `once` rejects when the server emits `error` first, for example because the port is in use.
  await once(httpServer, 'listening');
}
