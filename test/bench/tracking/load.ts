/**
 * A number of clients that each send the next request as soon as the last was answered, for some seconds: rate and times. A time runs
 * from the sending to the last byte of the answer, as load generators have it, because one process that plays twenty clients would
 * measure its own reading otherwise, on the processors that the servers use. Every answer is looked at, one in twenty is read whole.
 */
import { type Answer, type Exchange, type HttpClient, openHttpClient } from './http-client.ts';
import { readServersCpuSeconds } from './process-tree.ts';

export type LoadResult = {
  requestsPerSecond: number;
  p50Ms: number;
  p95Ms: number;
  /** Processor time of the servers, PostgreSQL included, for one request: other users of the machine lengthen it less. */
  cpuMsPerRequest: number;
};

export type Request = {
  /** `sent` counts those of its client. */
  write(place: { client: number; sent: number }): Exchange;
  /** Throws where the text of an answer is not the whole answer. */
  check(text: string): void;
};

type LoadOptions = {
  clients: number;
  seconds: number;
  /** Each answer is read whole before its time is taken and the next request is sent, as a client with one reader would. */
  readsAll?: boolean;
};

/** Of so many answers one is kept, and read when all have come. */
export const READ_ONE_IN = 20;
/** All answers to a request begin alike, and differ little in length. */
const BEGIN_BYTES = 8;
const SHORTEST_SHARE = 0.9;

export async function runLoad(options: LoadOptions, request: Request): Promise<LoadResult> {
  const http = openHttpClient(options.clients);
  try {
    const first = await http.exchange(request.write({ client: 0, sent: 0 }));
    request.check(first.readText());
    const cpuBefore = await readServersCpuSeconds();
    const startMs = performance.now();
    const { timesMs, kept } = await sendAll(options, { http, request, first });
    const tookSeconds = (performance.now() - startMs) / 1_000;
    const cpuMs = ((await readServersCpuSeconds()) - cpuBefore) * 1_000;
    for (const answer of kept) request.check(answer.readText());
    return summarise(timesMs, { tookSeconds, cpuMs });
  } finally {
    http.close();
  }
}

type Sending = { http: HttpClient; request: Request; first: Answer };

async function sendAll(
  { clients, seconds, readsAll = false }: LoadOptions,
  { http, request, first }: Sending,
): Promise<{ timesMs: number[]; kept: Answer[] }> {
  const timesMs: number[] = [];
  const kept: Answer[] = [];
  const endMs = performance.now() + seconds * 1_000;
  const work = async (client: number) => {
    for (let sent = 1; sent === 1 || performance.now() < endMs; sent++) {
      const asked = request.write({ client, sent });
      const fromMs = performance.now();
      const answer = await http.exchange(asked);
      if (readsAll) request.check(answer.readText());
      timesMs.push(performance.now() - fromMs);
      compare(answer, first);
      if (!readsAll && timesMs.length % READ_ONE_IN === 0) kept.push(answer);
    }
  };
  await Promise.all(Array.from({ length: clients }, (_, client) => work(client)));
  return { timesMs, kept };
}

/** A look that costs next to nothing: an error, a page of another kind and half of an answer do not pass. */
function compare(answer: Answer, first: Answer): void {
  const isAlike = answer.begin.subarray(0, BEGIN_BYTES).equals(first.begin.subarray(0, BEGIN_BYTES));
  if (isAlike && answer.bytes >= first.bytes * SHORTEST_SHARE) return;
  const shown = answer.readText().slice(0, 200);
  throw new Error(`An answer of ${answer.bytes} bytes is none like the first, of ${first.bytes}: ${shown}`);
}

function summarise(
  timesMs: readonly number[],
  { tookSeconds, cpuMs }: { tookSeconds: number; cpuMs: number },
): LoadResult {
  const sorted = timesMs.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
  return {
    requestsPerSecond: sorted.length / tookSeconds,
    p50Ms: at(0.5),
    p95Ms: at(0.95),
    cpuMsPerRequest: cpuMs / sorted.length,
  };
}
