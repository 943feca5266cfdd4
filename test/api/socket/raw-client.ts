/** A WebSocket client that speaks the protocol by hand, so that it can be rude. */
import { once } from 'node:events';
import { WebSocket } from 'ws';

export type Message = {
  type: string;
  id?: string;
  payload?: unknown;
};

type EventData = { runEvents: { seq: number; metrics: { name: string; value: number }[] } };
type SentError = { message: string; extensions: { code: string } };

/** What a `next` brings of a subscription to a run's events; undefined for every other message. */
export function readEvent({ type, payload }: Message): EventData['runEvents'] | undefined {
  return type === 'next' ? (payload as { data: EventData | null }).data?.runEvents : undefined;
}

/** What an `error` says, none for every other message. */
export function readErrors({ type, payload }: Message): SentError[] {
  return type === 'error' ? (payload as SentError[]) : [];
}

export type RawClient = {
  socket: WebSocket;
  /** Every message so far. */
  messages: Message[];
  closed: Promise<{ code: number; reason: string }>;
  send(message: object): void;
  subscribe(id: string, query: string, variables?: object): void;
  /** Resolves when so many messages fulfil the condition. */
  wait(amount: number, condition: (message: Message) => boolean): Promise<Message[]>;
};

type RawOptions = { isSilent?: boolean; headers?: Record<string, string> };

/** Connected, and acknowledged unless it is told to be silent. */
export async function connectRaw(port: number, options: RawOptions = {}): Promise<RawClient> {
  const { headers } = options;
  const socket = new WebSocket(`ws://127.0.0.1:${port}/graphql`, 'graphql-transport-ws', { headers });
  const messages: Message[] = [];
  const watchers = new Set<() => void>();
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    messages.push(JSON.parse(String(data)));
    for (const watch of watchers) watch();
  });
  const closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
  await once(socket, 'open');
  const client: RawClient = {
    socket,
    messages,
    closed,
    send: (message) => socket.send(JSON.stringify(message)),
    subscribe: (id, query, variables) =>
      client.send({ type: 'subscribe', id, payload: { query, variables } }),
    wait: (amount, condition) =>
      new Promise((resolve) => {
        const watch = () => {
          const found = messages.filter(condition);
          if (found.length < amount) return;
          watchers.delete(watch);
          resolve(found);
        };
        watchers.add(watch);
        watch();
      }),
  };
  if (!options.isSilent) {
    client.send({ type: 'connection_init' });
    await Promise.race([client.wait(1, ({ type }) => type === 'connection_ack'), closed]);
  }
  return client;
}
