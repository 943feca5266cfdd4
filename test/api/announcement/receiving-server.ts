/** A real HTTP server that webhooks are sent to: it keeps what it got and answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Received = { path: string; headers: IncomingHttpHeaders; body: string };

export type ReceivingServer = {
  url: string;
  received: Received[];
  /** The `count`th request, from 1, once it is there. */
  waitFor(count: number): Promise<Received>;
  close(): Promise<void>;
};

/** `answer` gets the number of the request, from 1; 204 when left out. */
export async function startReceivingServer(
  answer: (response: ServerResponse, number: number) => void = (response) => response.writeHead(204).end(),
): Promise<ReceivingServer> {
  const received: Received[] = [];
  const waiting = new Set<() => void>();
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request.setEncoding('utf8')) body += part;
    received.push({ path: request.url ?? '', headers: request.headers, body });
    for (const wake of waiting) wake();
    answer(response, received.length);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    async waitFor(count) {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            resolve();
          };
          waiting.add(wake);
        });
      }
      return received[count - 1]!;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
