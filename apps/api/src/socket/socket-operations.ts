/**
 * Operations over WebSocket: how many there may be, their beginning in turns, and their end. A subscription ends when the
 * client completes it, leaves or is closed, or the process stops: its signal aborts, and its source removes what listens.
 */
import { randomUUID } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import { isDatabaseFault, outlastDatabaseFaults } from '@microtome/store/database/database-faults';
import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  GraphQLError,
  type GraphQLSchema,
  getOperationAST,
} from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import { refuseOperation } from '../graphql/check-operation.ts';
import { type ApiContext, createContext } from '../graphql/context.ts';
import { formatErrorOf, isUnexpectedError } from '../graphql/graphql-errors.ts';
import { OPERATION_TIMEOUT_MS } from '../graphql/query-limits.ts';
import { createStop } from '../graphql/stop-execution.ts';
import type { ApiMetrics } from '../http/prometheus.ts';
import type { ApiServices } from '../services.ts';
import { createEventContexts } from './event-contexts.ts';
import { createDocumentPreparation } from './prepared-documents.ts';
import { createSharedExecution } from './shared-execution.ts';
import type { SocketClient } from './socket-client.ts';
import type { SocketIdentity } from './socket-identity.ts';
import type { SocketLimits } from './socket-limits.ts';
import { createTurnstile } from './turnstile.ts';

/** Who asks by a socket. */
type Asker = { client: SocketClient; identity: SocketIdentity };
type Operation = { client: SocketClient; signal: AbortSignal; end(): void };
type OperationContext = ApiContext & { operation: Operation };
type Results = AsyncIterableIterator<ExecutionResult, undefined>;

type SocketOperations = {
  /** Errors instead of an operation if there are too many, or its document is wrong; the socket stays open for others. */
  prepare(asker: Asker, payload: SubscribePayload): Promise<ExecutionArgs | readonly GraphQLError[]>;
  execute(args: ExecutionArgs): Promise<ExecutionResult>;
  subscribe(args: ExecutionArgs): Promise<Results | ExecutionResult>;
  /** Ends all of them. */
  close(): void;
};

type SocketOperationOptions = {
  schema: GraphQLSchema;
  services: ApiServices;
  metrics: ApiMetrics;
  hasIntrospection: boolean;
  limits: SocketLimits;
};

export function createSocketOperations(options: SocketOperationOptions): SocketOperations {
  const { services, metrics, limits } = options;
  const startInTurn = createTurnstile(limits.startsAtOnce);
  const register = createRegister(limits);
  const closing = new AbortController();
  const getEventContext = createEventContexts(services, closing.signal);
  // To give up an event would be a gap that no client sees.
  const executeShared = createSharedExecution(
    ({ access }: ApiContext) => access.key,
    (args) => {
      const { access } = args.contextValue as ApiContext;
      const run = () => execute({ ...args, contextValue: getEventContext(access) });
      return outlastFaults(run, closing.signal).then((result) => tellErrors(getEventContext(access), result));
    },
  );

  /** In its turn, and not before the client has taken most of what it was sent; not at all when it has ended meanwhile. */
  async function start<T>(operation: Operation, act: () => Promise<T> | T): Promise<T | ExecutionResult> {
    await operation.client.drained();
    return startInTurn(() => (operation.signal.aborted ? { data: null } : act()));
  }

  return {
    prepare: createPreparation({ ...options, register }),
    async execute(args) {
      const { operation } = args.contextValue as OperationContext;
      try {
        return await start(operation, () => runAndTell(args));
      } finally {
        operation.end();
      }
    },
    async subscribe(args) {
      const { operation } = args.contextValue as OperationContext;
      const begin = () => start(operation, () => createSourceEventStream(args));
      const source = await outlastFaults(begin, operation.signal);
      if (!(Symbol.asyncIterator in source)) {
        operation.end();
        return tellErrors(args.contextValue as ApiContext, source);
      }
      countUntilEnd(metrics, operation.signal);
      return readUntilEnd(source as AsyncGenerator<unknown, void, void>, {
        operation,
        answer: (event) => executeShared(args, event),
        tell: (error) => tellErrors(args.contextValue as ApiContext, { errors: [error as GraphQLError] }),
      });
    },
    close() {
      closing.abort();
      register.endAll();
    },
  };
}

function createPreparation(
  options: SocketOperationOptions & { register: Register },
): SocketOperations['prepare'] {
  const { schema, services, metrics, hasIntrospection, register } = options;
  const prepareDocument = createDocumentPreparation(schema, hasIntrospection);
  const prepareInTurn = createTurnstile(1);
  return async ({ client, identity }, { query, operationName, variables }) => {
    const operation = register.enter(client);
    if (operation instanceof AppError) {
      metrics.socketRefusals.inc({ what: 'operation' });
      return [new GraphQLError(operation.message, { originalError: operation })];
    }
    try {
      const document = await prepareInTurn(() => prepareDocument(query));
      const errors = 'kind' in document ? findNameFault(document, operationName) : document;
      if (!('kind' in document) || errors.length > 0) {
        operation.end();
        return errors;
      }
      const refusal = refuseOperation({ schema, document, operationName, variables });
      if (refusal) {
        operation.end();
        return [refusal];
      }
      const access = await identity.identify().catch(toGraphqlError);
      if (access instanceof GraphQLError) {
        operation.end();
        return [access];
      }
      const end = followEnd(operation, getOperationAST(document, operationName)?.operation);
      const context = createContext(services, { requestId: randomUUID(), access, ...end });
      const contextValue: OperationContext = { ...context, operation };
      return { schema, document, operationName, variableValues: variables, contextValue };
    } catch (error) {
      operation.end();
      throw error;
    }
  };
}

function toGraphqlError(error: unknown): GraphQLError {
  return new GraphQLError(String(error), { originalError: error as Error });
}

/** A query or a mutation has a time limit; a subscription lasts as long as its client wants. */
function followEnd({ signal }: Operation, kind: string | undefined): Pick<ApiContext, 'signal' | 'stopped'> {
  if (kind === 'subscription') return { signal, stopped: null };
  const stop = createStop(OPERATION_TIMEOUT_MS);
  signal.addEventListener('abort', stop.leave, { once: true });
  return { signal: stop.signal, stopped: stop.stopped };
}

function countUntilEnd({ subscriptions }: ApiMetrics, signal: AbortSignal): void {
  if (signal.aborted) return;
  subscriptions.inc();
  signal.addEventListener('abort', () => subscriptions.dec(), { once: true });
}

type Register = ReturnType<typeof createRegister>;

/** Operations that are under way, of each client and in all. */
function createRegister(limits: SocketLimits) {
  const operations = new Set<Operation>();
  const perClient = new WeakMap<SocketClient, number>();
  const change = (client: SocketClient, by: number) =>
    perClient.set(client, (perClient.get(client) ?? 0) + by);
  return {
    enter(client: SocketClient): Operation | AppError {
      const own = perClient.get(client) ?? 0;
      if (own >= limits.operationsPerSocket) {
        return new AppError('UNAVAILABLE', `${own} operations are open on this socket, and no more fit.`);
      }
      if (operations.size >= limits.operations) {
        return new AppError('UNAVAILABLE', `${operations.size} operations are open, and no more fit.`);
      }
      const ending = new AbortController();
      const operation = {
        client,
        signal: ending.signal,
        end() {
          if (!operations.delete(operation)) return;
          change(client, -1);
          client.signal.removeEventListener('abort', operation.end);
          ending.abort();
        },
      };
      operations.add(operation);
      change(client, 1);
      client.signal.addEventListener('abort', operation.end);
      if (client.signal.aborted) operation.end();
      return operation;
    },
    endAll() {
      for (const operation of operations) operation.end();
    },
  };
}

function findNameFault(
  document: Parameters<typeof getOperationAST>[0],
  operationName: string | null | undefined,
): GraphQLError[] {
  if (getOperationAST(document, operationName)) return [];
  const message = operationName
    ? `The document has no operation '${operationName}'.`
    : 'The document has several operations: say which by operationName.';
  return [new GraphQLError(message, { originalError: new AppError('BAD_INPUT', message) })];
}

/**
 * The results of a subscription. Its end reaches the source at once: `return()` of an async generator that waits for a
 * notification would itself wait for it. An error of the source becomes one last result.
 */
function readUntilEnd(
  source: AsyncGenerator<unknown, void, void>,
  reading: {
    operation: Operation;
    answer(event: unknown): Promise<ExecutionResult>;
    tell(error: unknown): ExecutionResult;
  },
): Results {
  const { operation, answer, tell } = reading;
  const over = { done: true, value: undefined } as const;
  return {
    async next() {
      if (operation.signal.aborted) return over;
      try {
        const step = await source.next();
        if (!step.done) {
          const value = await answer(step.value);
          return operation.signal.aborted ? over : { done: false, value };
        }
        operation.end();
        return over;
      } catch (error) {
        if (operation.signal.aborted) return over;
        operation.end();
        return { done: false, value: tell(error) };
      }
    },
    async return() {
      operation.end();
      await source.return();
      return over;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/** While the database is away there is no answer; then the one that it would have been. The last one when `signal` aborts. */
async function outlastFaults<T extends object>(act: () => Promise<T> | T, signal: AbortSignal): Promise<T> {
  let last: T | null = null;
  try {
    return await outlastDatabaseFaults(async () => {
      last = await act();
      const { errors = [] } = last as ExecutionResult;
      const fault = errors.find(({ originalError }) => isDatabaseFault(originalError));
      if (fault) throw fault.originalError;
      return last;
    }, signal);
  } catch (error) {
    if (last) return last;
    throw error;
  }
}

async function runAndTell(args: ExecutionArgs): Promise<ExecutionResult> {
  return tellErrors(args.contextValue as ApiContext, await execute(args));
}

/** Logs what was not expected, and gives the result as the client may see it. */
function tellErrors(context: ApiContext, result: ExecutionResult): ExecutionResult {
  if (!result.errors) return result;
  for (const error of result.errors) {
    if (isUnexpectedError(error))
      context.log.error({ err: error.originalError ?? error }, 'operation failed');
  }
  const errors = result.errors.map((error) => formatErrorOf(context.requestId, error));
  return { ...result, errors: errors as unknown as GraphQLError[] };
}
