/** The one HTTP client by which all trackers are driven: kept connections, whole answers, and an error for what is refused. */
import { Agent, request } from 'node:http';

export type HttpClient = {
  /** Gives the body of the answer. */
  send(method: 'GET' | 'POST', url: string, body?: string): Promise<string>;
  close(): void;
};

const SHOWN_LENGTH = 300;

/** One for all clients of a load: each has a connection of its own while its request is under way. */
export function openHttpClient(clients: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  return {
    send: (method, url, body) =>
      new Promise((resolve, reject) => {
        const headers =
          body === undefined
            ? {}
            : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
        const sending = request(url, { method, agent, headers }, (response) => {
          const parts: Buffer[] = [];
          response.on('data', (part: Buffer) => parts.push(part));
          response.on('error', reject);
          response.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8');
            if (response.statusCode === 200) return resolve(text);
            const shown = text.slice(0, SHOWN_LENGTH);
            reject(new Error(`${method} ${url} was answered with ${response.statusCode}: ${shown}`));
          });
        });
        sending.on('error', reject);
        sending.end(body);
      }),
    close: () => agent.destroy(),
  };
}
