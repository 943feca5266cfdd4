/** Operations over WebSocket (graphql-ws): who is let in, what each client may ask for, and how all of it is closed. */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { GraphQLSchema } from 'graphql';
import { handleProtocols, makeServer } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Authentication } from '../access/authentication.ts';
import { formatGraphqlError } from '../graphql/graphql-errors.ts';
import type { HostGuard } from '../http/host-guard.ts';
import type { ApiMetrics } from '../http/prometheus.ts';
import type { ApiServices } from '../services.ts';
import { createSocketAdmission } from './socket-admission.ts';
import { createSocketClient, type SocketClient } from './socket-client.ts';
import { createSocketIdentity, type SocketIdentity } from './socket-identity.ts';
import { CLOSE_CODES, type SocketLimits } from './socket-limits.ts';
import { createSocketOperations } from './socket-operations.ts';

const GOING_AWAY = 1001;

type GraphqlSocket = { close(): Promise<void> };

type SocketOptions = {
  schema: GraphQLSchema;
  httpServer: Server;
  services: ApiServices;
  metrics: ApiMetrics;
  guard: HostGuard;
  authentication: Authentication;
  hasIntrospection: boolean;
  limits: SocketLimits;
};

/** What graphql-ws keeps of each client. */
type Extra = { client: SocketClient; identity: SocketIdentity; acknowledge(): void };
type Protocol = ReturnType<typeof createProtocol>;

export function createGraphqlSocket(options: SocketOptions): GraphqlSocket {
  const { httpServer, guard, limits } = options;
  const operations = createSocketOperations(options);
  const protocol = createProtocol(operations, limits);
  const door = createDoor(options, protocol);
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.messageBytes,
    handleProtocols,
    closeTimeout: limits.closeWithinMs,
  } as ConstructorParameters<typeof WebSocketServer>[0]);
  httpServer.on('upgrade', (request, socket, head) => {
    const answer = decideUpgrade({ request, socket, guard, isFull: door.isFull() });
    if (answer) socket.end(`HTTP/1.1 ${answer}\r\nconnection: close\r\n\r\n`);
    else sockets.handleUpgrade(request, socket, head, (opened) => door.open(opened, request));
  });
  return {
    async close() {
      operations.close();
      for (const socket of sockets.clients) socket.close(GOING_AWAY, 'Going away');
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
    },
  };
}

/** The status with which an upgrade is refused before the handshake; null lets it pass. */
function decideUpgrade(upgrade: {
  request: IncomingMessage;
  socket: Duplex;
  guard: HostGuard;
  isFull: boolean;
}): string | null {
  const { request, socket, guard, isFull } = upgrade;
  // Without a listener, a socket that breaks during the handshake would end the process.
  socket.on('error', () => socket.destroy());
  try {
    guard.check(request.headers);
  } catch {
    return '403 Forbidden';
  }
  if (request.url?.split('?')[0] !== '/graphql') return '404 Not Found';
  return isFull ? '503 Service Unavailable\r\nretry-after: 5' : null;
}

/** Lets clients in, or tells them why not: a browser shows a page the reason of a closing, but nothing of a refused handshake. */
function createDoor({ services, metrics, authentication, limits }: SocketOptions, protocol: Protocol) {
  const { log } = services;
  const admission = createSocketAdmission(limits);
  let refusals = 0;

  function refuse(socket: WebSocket, reason: string): void {
    metrics.socketRefusals.inc({ what: 'socket' });
    refusals++;
    socket.once('close', () => refusals--);
    socket.close(CLOSE_CODES.TOO_MANY_SOCKETS, reason);
  }

  function open(socket: WebSocket, request: IncomingMessage): void {
    // ws closes a socket that breaks the rules of the protocol by itself, with the code for it.
    socket.on('error', (error) => log.debug({ err: error }, 'socket failed'));
    const address = request.socket.remoteAddress ?? 'unknown';
    const admitted = admission.admit(address);
    if ('refusal' in admitted) {
      refuse(socket, admitted.refusal);
      return;
    }
    metrics.sockets.inc();
    const client = createSocketClient(socket, {
      limits,
      onSlow(waitingBytes) {
        metrics.slowClients.inc();
        log.warn({ address, waitingBytes }, 'client reads too slowly');
      },
    });
    const identity = createSocketIdentity(authentication, { client, request, address });
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: client.send,
        close: (code = CLOSE_CODES.BAD_MESSAGE, reason = '') => client.close(code, reason),
        onMessage: (receive) =>
          socket.on('message', (data) => {
            // What was sent before it heard of its closing.
            if (client.signal.aborted) return;
            receive(String(data)).catch((error: unknown) => closeFaulty({ client, error, services }));
          }),
      },
      { client, identity, acknowledge: admitted.acknowledge },
    );
    socket.once('close', (code, reason) => {
      metrics.sockets.dec();
      admitted.leave();
      void closed(code, String(reason));
    });
  }
  return { open, isFull: () => refusals >= limits.refusalsAtOnce };
}

function closeFaulty(fault: { client: SocketClient; error: unknown; services: ApiServices }): void {
  const { client, error, services } = fault;
  if (error instanceof Error && /^Unexpected message of type/.test(error.message)) {
    client.close(CLOSE_CODES.BAD_MESSAGE, error.message);
    return;
  }
  services.log.error({ err: error }, 'message failed');
  client.close(CLOSE_CODES.INTERNAL, 'Something went wrong on the server. Its log has the details.');
}

function createProtocol(operations: ReturnType<typeof createSocketOperations>, limits: SocketLimits) {
  return makeServer<Record<string, unknown> | undefined, Extra>({
    connectionInitWaitTimeout: limits.acknowledgeWithinMs,
    onConnect({ connectionParams, extra }) {
      extra.identity.introduce(connectionParams);
      extra.acknowledge();
    },
    onSubscribe({ extra: { client, identity } }, id, payload) {
      if (id.length > limits.operationIdCharacters) {
        client.close(
          CLOSE_CODES.BAD_MESSAGE,
          `The id of an operation has at most ${limits.operationIdCharacters} characters.`,
        );
      }
      return operations.prepare({ client, identity }, payload);
    },
    execute: operations.execute,
    subscribe: operations.subscribe,
    // As the operations give it: errors are formatted already.
    onNext: (_context, _id, _payload, _args, result) => result,
    onError: (_context, _id, _payload, errors) => errors.map(formatGraphqlError),
  });
}
