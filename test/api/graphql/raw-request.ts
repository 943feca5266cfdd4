/** An HTTP request as it is written: `fetch` neither lets a Host header be set nor a path climb. */
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';

export type RawRequest = {
  path: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
};

export async function askRaw(port: number, { path, method = 'GET', headers = {}, body }: RawRequest) {
  const sent = httpRequest({ host: '127.0.0.1', port, path, method, headers });
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  return { status: response.statusCode, headers: response.headers, text: Buffer.concat(chunks).toString() };
}
