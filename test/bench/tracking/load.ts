/** A number of clients that each send the next request as soon as the last was answered, for some seconds: rate and times. */
import { type HttpClient, openHttpClient } from './http-client.ts';
import { readServersCpuSeconds } from './process-tree.ts';

export type LoadResult = {
  requestsPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  /** Processor time of the servers, PostgreSQL included, for one request: other users of the machine lengthen it less. */
  cpuMsPerRequest: number;
};

/** `act` is one request; `sent` counts those of its client. */
export async function runLoad(
  { clients, seconds }: { clients: number; seconds: number },
  act: (http: HttpClient, place: { client: number; sent: number }) => Promise<unknown>,
): Promise<LoadResult> {
  const http = openHttpClient(clients);
  const timesMs: number[] = [];
  const cpuBefore = await readServersCpuSeconds();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1_000;
  const work = async (client: number) => {
    for (let sent = 0; sent === 0 || performance.now() < endMs; sent++) {
      const fromMs = performance.now();
      await act(http, { client, sent });
      timesMs.push(performance.now() - fromMs);
    }
  };
  try {
    await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  } finally {
    http.close();
  }
  const tookSeconds = (performance.now() - startMs) / 1_000;
  const cpuMs = ((await readServersCpuSeconds()) - cpuBefore) * 1_000;
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return {
    requestsPerSecond: sorted.length / tookSeconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    cpuMsPerRequest: cpuMs / sorted.length,
  };
}
