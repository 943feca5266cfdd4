/**
 * Operations over WebSocket (graphql-ws). Each subscription has its own context and its own end: when the client
 * completes it or leaves, or the process stops, its signal aborts and its source removes the listener.
 */

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type DocumentNode,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  parse,
  specifiedRules,
  subscribe,
  validate,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { type ApiContext, createContext } from '../graphql/context.ts';
import { formatGraphqlError, isUnexpectedError } from '../graphql/graphql-errors.ts';
import { limitDepth, MAX_TOKENS } from '../graphql/query-limits.ts';
import type { ApiServices } from '../services.ts';
import type { HostGuard } from './host-guard.ts';
import type { ApiMetrics } from './prometheus.ts';

const MAX_MESSAGE_BYTES = 256 * 1024;

type SubscriptionContext = ApiContext & { controller: AbortController };

type GraphqlSocket = { close(): Promise<void> };

export function createGraphqlSocket(options: {
  schema: GraphQLSchema;
  httpServer: Server;
  services: ApiServices;
  metrics: ApiMetrics;
  guard: HostGuard;
}): GraphqlSocket {
  const { schema, httpServer, services, metrics, guard } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  const open = new Set<AbortController>();
  httpServer.on('upgrade', (request, socket, head) =>
    acceptUpgrade({ request, socket, guard, accept: () => connect(request, socket, head) }),
  );
  function connect(request: IncomingMessage, socket: Duplex, head: Buffer) {
    sockets.handleUpgrade(request, socket, head, (opened) => sockets.emit('connection', opened, request));
  }
  const server = useServer(
    {
      schema,
      onSubscribe: (_socket, _id, payload) => prepareOperation(schema, payload),
      execute: execute as (args: ExecutionArgs) => ReturnType<typeof execute>,
      subscribe: (args) => openSubscription(args, { open, metrics }),
      context: () => createSubscriptionContext(services),
      onNext: (_socket, _id, _payload, args, result) => tellErrors(args.contextValue as ApiContext, result),
      onError: (_socket, _id, _payload, errors) => errors.map(formatGraphqlError),
    },
    sockets,
  );
  return {
    async close() {
      for (const controller of open) controller.abort();
      await server.dispose();
    },
  };
}

function acceptUpgrade(upgrade: {
  request: IncomingMessage;
  socket: Duplex;
  guard: HostGuard;
  accept(): void;
}): void {
  const { request, socket, guard, accept } = upgrade;
  // Without a listener, a socket that breaks during the handshake would end the process.
  socket.on('error', () => socket.destroy());
  try {
    guard.check(request.headers);
  } catch {
    socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\n\r\n');
    return;
  }
  if (request.url?.split('?')[0] === '/graphql') accept();
  else socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
}

/** Errors instead of an operation if the document does not parse or validate; the socket stays open for other operations. */
function prepareOperation(
  schema: GraphQLSchema,
  { query, operationName, variables }: SubscribePayload,
): ExecutionArgs | readonly GraphQLError[] {
  const document = parseDocument(query);
  if (document instanceof GraphQLError) return [document];
  const errors = validate(schema, document, [...specifiedRules, limitDepth]);
  return errors.length > 0 ? errors : { schema, document, operationName, variableValues: variables };
}

function parseDocument(query: string): DocumentNode | GraphQLError {
  try {
    return parse(query, { maxTokens: MAX_TOKENS });
  } catch (error) {
    if (error instanceof GraphQLError) return error;
    throw error;
  }
}

function createSubscriptionContext(services: ApiServices): SubscriptionContext {
  const controller = new AbortController();
  return { ...createContext(services, { requestId: randomUUID(), signal: controller.signal }), controller };
}

/**
 * Wraps the stream of results so that its end reaches the source at once: `return()` of an async generator that waits
 * for a notification would itself wait for it. An error of the source becomes one last result.
 */
async function openSubscription(
  args: ExecutionArgs,
  { open, metrics }: { open: Set<AbortController>; metrics: ApiMetrics },
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  const { controller } = args.contextValue as SubscriptionContext;
  const stream = await subscribe(args);
  if (!(Symbol.asyncIterator in stream)) return stream;
  open.add(controller);
  metrics.subscriptions.inc();
  const end = () => {
    if (open.delete(controller)) metrics.subscriptions.dec();
    controller.abort();
  };
  return endWithSignal(stream, { signal: controller.signal, end });
}

function endWithSignal(
  stream: AsyncGenerator<ExecutionResult, void, void>,
  { signal, end }: { signal: AbortSignal; end(): void },
): AsyncIterableIterator<ExecutionResult, undefined> {
  const over = { done: true, value: undefined } as const;
  return {
    async next() {
      if (signal.aborted) return over;
      try {
        const step = await stream.next();
        if (!step.done) return { done: false, value: step.value };
        end();
        return over;
      } catch (error) {
        if (signal.aborted) return over;
        end();
        return { done: false, value: { errors: [error as GraphQLError] } };
      }
    },
    async return() {
      end();
      await stream.return();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function tellErrors(context: ApiContext, result: ExecutionResult) {
  if (!result.errors) return undefined;
  for (const error of result.errors) {
    if (isUnexpectedError(error))
      context.log.error({ err: error.originalError ?? error }, 'subscription failed');
  }
  return { ...result, errors: result.errors.map(formatGraphqlError) };
}
