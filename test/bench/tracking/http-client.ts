/** The one HTTP client by which all trackers are driven: kept connections, whole answers, and an error for what is refused. */
import { Agent, request } from 'node:http';

export type Exchange = { method: 'GET' | 'POST'; url: string; body?: string };

/** All bytes of an answer are there; nothing was made of them yet. */
export type Answer = { bytes: number; begin: Buffer; readText(): string };

export type HttpClient = {
  exchange(asked: Exchange): Promise<Answer>;
  /** Gives the body of the answer. */
  send(method: 'GET' | 'POST', url: string, body?: string): Promise<string>;
  close(): void;
};

const SHOWN_LENGTH = 300;

/** One for all clients of a load: each has a connection of its own while its request is under way. */
export function openHttpClient(clients: number): HttpClient {
  const agent = new Agent({ keepAlive: true, maxSockets: clients });
  const exchange = ({ method, url, body }: Exchange) =>
    new Promise<Answer>((resolve, reject) => {
      const headers =
        body === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
      const sending = request(url, { method, agent, headers }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('error', reject);
        response.on('end', () => {
          const answer = describeAnswer(parts);
          if (response.statusCode === 200) return resolve(answer);
          const shown = answer.readText().slice(0, SHOWN_LENGTH);
          reject(new Error(`${method} ${url} was answered with ${response.statusCode}: ${shown}`));
        });
      });
      sending.on('error', reject);
      sending.end(body);
    });
  return {
    exchange,
    send: async (method, url, body) => (await exchange({ method, url, body })).readText(),
    close: () => agent.destroy(),
  };
}

function describeAnswer(parts: readonly Buffer[]): Answer {
  return {
    bytes: parts.reduce((sum, part) => sum + part.length, 0),
    begin: parts[0] ?? Buffer.alloc(0),
    readText: () => Buffer.concat(parts).toString('utf8'),
  };
}
