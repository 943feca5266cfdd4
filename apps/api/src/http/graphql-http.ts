/** Queries and mutations over HTTP: Apollo Server on POST /graphql (and GET for queries of clients that say so). */

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { ApolloServer, type ApolloServerPlugin, HeaderMap } from '@apollo/server';
import { ApolloServerPluginCacheControlDisabled } from '@apollo/server/plugin/disabled';
import { ApolloServerPluginDrainHttpServer } from '@apollo/server/plugin/drainHttpServer';
import { invariant } from '@microtome/domain/app-error';
import type { Request, Response } from 'express';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import { LRUCache } from 'lru-cache';
import { createQueryAnswering } from '../execution/answer-queries.ts';
import { writeAnswer } from '../execution/write-answer.ts';
import { refuseOperation } from '../graphql/check-operation.ts';
import type { ApiContext } from '../graphql/context.ts';
import { formatErrorOf, isUnexpectedError } from '../graphql/graphql-errors.ts';
import { limitDepth, MAX_TOKENS } from '../graphql/query-limits.ts';
import type { ApiMetrics } from './prometheus.ts';
import type { RouteDescription } from './route-description.ts';

export const GRAPHQL_ROUTES: readonly RouteDescription[] = [
  {
    method: 'POST',
    path: '/graphql',
    about: 'A query or mutation. What can be asked is in [graphql.md](graphql.md).',
    takes: 'application/json: `query`, `variables`, `operationName`',
    gives: 'application/json',
  },
  { method: 'GET', path: '/', about: 'Leads to `/graphql`.', gives: 'a redirect' },
];

/**
 * Stands for the id of the request in errors, which Apollo words before it has a context too; who writes the answer puts the id there.
 * Nothing else can say it. To carry the id along by an AsyncLocalStorage would make every promise of the process dearer.
 */
const UNTOLD_REQUEST = randomUUID();

/** All documents of the dashboard together are a third of it. */
const KEPT_CHARACTERS = 200_000;
const UNKNOWN_CHARACTERS = 10_000;

export async function createApollo(options: {
  schema: GraphQLSchema;
  httpServer: Server;
  metrics: ApiMetrics;
  hasIntrospection: boolean;
}): Promise<ApolloServer<ApiContext>> {
  const { schema, httpServer, metrics, hasIntrospection } = options;
  const apollo = new ApolloServer<ApiContext>({
    schema,
    introspection: hasIntrospection,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    allowBatchedHttpRequests: false,
    stopOnTerminationSignals: false,
    nodeEnv: 'production',
    parseOptions: { maxTokens: MAX_TOKENS },
    validationRules: [limitDepth],
    documentStore: createDocumentStore(),
    stringifyResult: (result) => `${writeAnswer(result)}\n`,
    formatError: (_formatted, error) => formatErrorOf(UNTOLD_REQUEST, error),
    plugins: [
      ApolloServerPluginDrainHttpServer({ httpServer }),
      // It would be asked at each field of each row what no field here says.
      ApolloServerPluginCacheControlDisabled(),
      createGate(),
      createAnswering(schema),
      createObserver(metrics),
    ],
  });
  await apollo.start();
  return apollo;
}

/** Hands a request of Express to Apollo, and writes what it answers. */
export function createGraphqlRoute(
  apollo: ApolloServer<ApiContext>,
  createContext: (response: Response) => ApiContext,
) {
  return async (request: Request, response: Response): Promise<void> => {
    const { method, url, body } = request;
    const search = url.includes('?') ? url.slice(url.indexOf('?')) : '';
    const answer = await apollo.executeHTTPGraphQLRequest({
      httpGraphQLRequest: { method, headers: readHeaders(request), search, body },
      context: async () => createContext(response),
    });
    invariant(answer.body.kind === 'complete', 'No answer comes in parts.');
    const { string } = answer.body;
    const text = string.includes(UNTOLD_REQUEST)
      ? string.replaceAll(UNTOLD_REQUEST, String(response.locals.requestId))
      : string;
    for (const [name, value] of answer.headers) response.setHeader(name, value);
    response.statusCode = answer.status ?? 200;
    response.setHeader('content-length', Buffer.byteLength(text));
    response.end(text);
  };
}

function readHeaders({ headers }: Request): HeaderMap {
  const read = new HeaderMap();
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) read.set(name, Array.isArray(value) ? value.join(', ') : value);
  }
  return read;
}

/**
 * Documents that were parsed and found valid, until so many characters of newer ones are kept: what pages send again and
 * again. Documents that are never the same would fill a store that counts in megabytes of their trees.
 */
function createDocumentStore() {
  const kept = new LRUCache<string, DocumentNode>({
    maxSize: KEPT_CHARACTERS,
    sizeCalculation: ({ loc }) => Math.max(1, loc?.source.body.length ?? UNKNOWN_CHARACTERS),
  });
  return {
    get: async (key: string) => kept.get(key),
    set: async (key: string, document: DocumentNode) => void kept.set(key, document),
    delete: async (key: string) => kept.delete(key),
  };
}

/** Refuses an operation that is too large, or whose arguments no column can hold, before any of it runs. */
function createGate(): ApolloServerPlugin<ApiContext> {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operationName, request }) {
          const refusal = refuseOperation({ schema, document, operationName, variables: request.variables });
          if (refusal) throw refusal;
        },
      };
    },
  };
}

/** Answers queries by their plans, in place of Apollo's own execution. */
function createAnswering(schema: GraphQLSchema): ApolloServerPlugin<ApiContext> {
  const answer = createQueryAnswering(schema);
  return {
    async requestDidStart() {
      return {
        async responseForOperation(asked) {
          const { document, operationName, request, contextValue } = asked;
          const result = await answer({
            document,
            operationName,
            variables: request.variables,
            contextValue,
          });
          if (!result) return null;
          const { data = null, errors } = result;
          if (!errors)
            return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult: { data } } };
          // Apollo tells its other plugins so; they do not hear of an execution that is not its own.
          Object.assign(asked, { errors });
          const formatted = errors.map((error) => formatErrorOf(contextValue.requestId, error));
          const singleResult = { errors: formatted, data };
          return { http: { headers: new HeaderMap() }, body: { kind: 'single', singleResult } };
        },
      };
    },
  };
}

/** Logs each operation with its name and its unexpected errors, and counts them. */
function createObserver(metrics: ApiMetrics): ApolloServerPlugin<ApiContext> {
  return {
    async requestDidStart() {
      const startedAtMs = performance.now();
      return {
        async willSendResponse({ contextValue, operation, operationName, errors, response }) {
          response.http.headers.set('cache-control', 'no-store');
          const kind = operation?.operation ?? 'unknown';
          metrics.operations.inc({ kind, outcome: errors ? 'error' : 'ok' });
          const milliseconds = Math.round(performance.now() - startedAtMs);
          const failures = errors?.map(({ message }) => message);
          contextValue.log.info({ kind, operationName, milliseconds, failures }, 'operation');
          for (const error of errors ?? []) {
            if (isUnexpectedError(error))
              contextValue.log.error({ err: error.originalError ?? error }, 'operation failed');
          }
        },
      };
    },
  };
}
