/** Reads another MLflow tracking server over its REST protocol: experiments, runs, histories and files, page by page. */
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { AppError } from '@microtome/domain/app-error';
import { z } from 'zod';

const RUNS_PER_PAGE = 200;
const EXPERIMENTS_PER_PAGE = 500;
const POINTS_PER_PAGE = 5_000;
const REQUEST_TIMEOUT_MS = 120_000;
const WHOLE_NUMBER = z.coerce.number();
const NOT_FINITE: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity };

const keyedTexts = z.array(z.object({ key: z.string(), value: z.string().default('') })).default([]);
const value = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]).default(0);
const metric = z.object({ key: z.string(), value, timestamp: WHOLE_NUMBER, step: WHOLE_NUMBER.default(0) });
const experiment = z.object({
  experiment_id: z.string(),
  name: z.string(),
  lifecycle_stage: z.string().default('active'),
  tags: keyedTexts,
});
const run = z.object({
  info: z.object({
    run_id: z.string(),
    run_name: z.string().default(''),
    user_id: z.string().default(''),
    status: z.string(),
    start_time: WHOLE_NUMBER,
    end_time: WHOLE_NUMBER.optional(),
    lifecycle_stage: z.string().default('active'),
  }),
  data: z
    .object({ metrics: z.array(metric).default([]), params: keyedTexts, tags: keyedTexts })
    .default({ metrics: [], params: [], tags: [] }),
  inputs: z
    .object({
      dataset_inputs: z
        .array(
          z.object({
            tags: keyedTexts,
            dataset: z.object({
              name: z.string(),
              digest: z.string(),
              source_type: z.string().default(''),
              source: z.string().default(''),
              schema: z.string().optional(),
              profile: z.string().optional(),
            }),
          }),
        )
        .default([]),
    })
    .default({ dataset_inputs: [] }),
});
const file = z.object({
  path: z.string(),
  is_dir: z.boolean().default(false),
  file_size: WHOLE_NUMBER.optional(),
});
const token = { next_page_token: z.string().optional() };
const experimentPage = z.object({ experiments: z.array(experiment).default([]), ...token });
const runPage = z.object({ runs: z.array(run).default([]), ...token });
const metricPage = z.object({ metrics: z.array(metric).default([]), ...token });
const filePage = z.object({ files: z.array(file).default([]) });

export type TrackedExperiment = z.infer<typeof experiment>;
export type TrackedRun = z.infer<typeof run>;
type TrackedPoint = { value: number; timestamp: number; step: number };
type TrackedFile = { path: string; bytes: number | null };

export type Tracker = {
  readonly url: string;
  listExperiments(): AsyncGenerator<TrackedExperiment>;
  listRuns(experimentId: string): AsyncGenerator<TrackedRun>;
  /** In batches. */
  readHistory(runId: string, name: string): AsyncGenerator<TrackedPoint[]>;
  listFiles(runId: string): AsyncGenerator<TrackedFile>;
  openFile(runId: string, path: string): Promise<{ mediaType: string; source: Readable }>;
};

/** The address as `MLFLOW_TRACKING_URI` has it. BAD_INPUT for what is no address of a server. */
export function openTracker(address: string): Tracker {
  const url = checkAddress(address);
  const root = `${url}/api/2.0/mlflow`;
  const post = <T>(path: string, body: object, shape: z.ZodType<T>) =>
    askJson(`${root}${path}`, shape, { method: 'POST', body: JSON.stringify(body) });
  const get = <T>(path: string, query: Record<string, string>, shape: z.ZodType<T>) =>
    askJson(`${root}${path}?${new URLSearchParams(query)}`, shape, {});

  async function* listFolder(runId: string, folder: string): AsyncGenerator<TrackedFile> {
    const query = { run_id: runId, ...(folder === '' ? {} : { path: folder }) };
    const { files } = await get('/artifacts/list', query, filePage);
    for (const { path, is_dir: isFolder, file_size: bytes } of files) {
      if (isFolder) yield* listFolder(runId, path);
      else yield { path, bytes: bytes ?? null };
    }
  }
  return {
    url,
    async *listExperiments() {
      const body = { max_results: EXPERIMENTS_PER_PAGE, view_type: 'ALL' };
      yield* readPages(async (page) => {
        const { experiments, next_page_token: next } = await post(
          '/experiments/search',
          { ...body, ...page },
          experimentPage,
        );
        return { entries: experiments, next };
      });
    },
    async *listRuns(experimentId) {
      const body = { experiment_ids: [experimentId], max_results: RUNS_PER_PAGE, run_view_type: 'ALL' };
      yield* readPages(async (page) => {
        const { runs, next_page_token: next } = await post('/runs/search', { ...body, ...page }, runPage);
        return { entries: runs, next };
      });
    },
    async *readHistory(runId, name) {
      const query = { run_id: runId, metric_key: name, max_results: String(POINTS_PER_PAGE) };
      const points = readPages(async (page) => {
        const { metrics, next_page_token: next } = await get(
          '/metrics/get-history',
          { ...query, ...page },
          metricPage,
        );
        return { entries: [metrics.map((point) => ({ ...point, value: toNumber(point.value) }))], next };
      });
      yield* points;
    },
    listFiles: (runId) => listFolder(runId, ''),
    async openFile(runId, path) {
      const response = await ask(`${url}/get-artifact?${new URLSearchParams({ run_id: runId, path })}`, {});
      const mediaType =
        (response.headers.get('content-type') ?? '').split(';')[0] || 'application/octet-stream';
      return {
        mediaType,
        source: Readable.fromWeb((response.body ?? new Blob([]).stream()) as ReadableStream),
      };
    },
  };
}

async function* readPages<Entry>(
  read: (page: { page_token?: string }) => Promise<{ entries: Entry[]; next: string | undefined }>,
): AsyncGenerator<Entry> {
  let next: string | undefined;
  do {
    const page = await read(next ? { page_token: next } : {});
    yield* page.entries;
    next = page.next;
  } while (next);
}

async function askJson<T>(url: string, shape: z.ZodType<T>, init: RequestInit): Promise<T> {
  const headers = { 'content-type': 'application/json' };
  const response = await ask(url, { ...init, headers, signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
  const parsed = shape.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const what = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).slice(0, 3);
  throw new AppError('BAD_INPUT', `${new URL(url).origin} is no MLflow tracking server: ${what.join('; ')}.`);
}

async function ask(url: string, init: RequestInit): Promise<Response> {
  const place = new URL(url);
  const response = await fetch(url, init).catch((error: unknown) => {
    throw new AppError('UNAVAILABLE', `${place.origin} does not answer: ${describe(error)}.`, {
      cause: error,
    });
  });
  if (response.ok) return response;
  const text = (await response.text()).slice(0, 300);
  throw new AppError('BAD_INPUT', `${place.origin} answers ${response.status} to ${place.pathname}: ${text}`);
}

function describe(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message || String((cause as { code?: unknown }).code) : message;
}

function checkAddress(address: string): string {
  if (/^https?:\/\//.test(address) && URL.canParse(address)) return address.replace(/\/+$/, '');
  throw new AppError(
    'BAD_INPUT',
    `'${address}' is no address of a server: it begins with http:// or https://.`,
  );
}

function toNumber(written: number | string): number {
  return typeof written === 'number' ? written : NOT_FINITE[written]!;
}
