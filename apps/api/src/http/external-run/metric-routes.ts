/**
 * POST /runs/:id/metrics: numbers of an external program's run in one request, past GraphQL. As JSON, an array or an object
 * with `metrics` and `key`; or as NDJSON, one number a line. Either may be compressed (content-encoding: gzip). A number is
 * `{"name", "value", "step", "epoch", "at"}`, where `at` is milliseconds since 1970 and `value` may be "NaN", "Infinity" or
 * "-Infinity".
 */
import { AppError } from '@microtome/domain/app-error';
import type { MetricPoint } from '@microtome/domain/external-run/metric-point';
import { logExternalMetrics } from '@microtome/store/external-run/logged-metrics';
import express, { type Router } from 'express';
import { parseRecordId } from '../../graphql/record-id.ts';
import type { ApiServices } from '../../services.ts';
import type { RouteDescription } from '../route-description.ts';

/** Room for the largest batch with long names, unpacked. */
const BODY_BYTES_MAX = 8 * 1024 * 1024;
const NDJSON = ['application/x-ndjson', 'application/ndjson', 'application/jsonl'];
const NOT_FINITE: Record<string, number> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

export const METRIC_ROUTES: readonly RouteDescription[] = [
  {
    method: 'POST',
    path: '/runs/:runId/metrics',
    about:
      'Adds numbers to an external run, all or none: each `{"name", "value", "step", "epoch", "at"}`, where `at` is milliseconds ' +
      'since 1970 and `value` may be "NaN", "Infinity" or "-Infinity". A batch that is sent again with its key adds nothing.',
    takes:
      'application/json (a list, or an object with `metrics` and `key`) or application/x-ndjson, either as it is or gzip; ' +
      'the key may be the header `idempotency-key`',
    gives: 'application/json: `count`',
  },
];

type Batch = { points: MetricPoint[]; key: string | null };

export function addMetricRoutes(router: Router, { store }: Pick<ApiServices, 'store'>): void {
  const readBody = express.text({ type: ['application/json', ...NDJSON], limit: BODY_BYTES_MAX });
  router.post('/runs/:runId/metrics', readBody, async (request, response) => {
    const runId = parseRecordId(String(request.params.runId), 'run');
    if (typeof request.body !== 'string') {
      throw new AppError('BAD_INPUT', 'Numbers come as application/json or application/x-ndjson.');
    }
    const { points, key } = request.is(NDJSON) ? readLines(request.body) : readJson(request.body);
    await logExternalMetrics(store, { runId, points, key: request.get('idempotency-key') ?? key });
    response.json({ count: points.length });
  });
}

function readJson(body: string): Batch {
  const sent = parse(body, 'The body');
  if (Array.isArray(sent)) return { points: sent.map(readPoint), key: null };
  const { metrics, key = null } = readObject(sent, 'The body');
  if (!Array.isArray(metrics)) {
    throw new AppError('BAD_INPUT', 'The body has no list `metrics`, nor is it a list itself.');
  }
  if (key !== null && typeof key !== 'string') throw new AppError('BAD_INPUT', 'The `key` is no text.');
  return { points: metrics.map(readPoint), key };
}

function readLines(body: string): Batch {
  const lines = body.split('\n').filter((line) => line.trim() !== '');
  return { points: lines.map((line, at) => readPoint(parse(line, `Line ${at + 1}`), at)), key: null };
}

function readPoint(sent: unknown, at: number): MetricPoint {
  const place = `Number ${at + 1}`;
  const { name, value, step = 0, epoch = 0, at: atMs = null } = readObject(sent, place);
  if (typeof name !== 'string') throw new AppError('BAD_INPUT', `${place} has no name.`);
  const number = typeof value === 'string' ? NOT_FINITE[value] : value;
  if (typeof number !== 'number') {
    throw new AppError('BAD_INPUT', `${place}, '${name.slice(0, 60)}', has no value that is a number.`);
  }
  return {
    name,
    value: number,
    step: readNumber(step, `${place} has a step`),
    epoch: readNumber(epoch, `${place} has an epoch`),
    atMs: atMs === null ? null : readNumber(atMs, `${place} has a time`),
  };
}

function readNumber(sent: unknown, what: string): number {
  if (typeof sent === 'number') return sent;
  throw new AppError('BAD_INPUT', `${what} that is no number.`);
}

function readObject(sent: unknown, what: string): Record<string, unknown> {
  if (typeof sent === 'object' && sent !== null) return sent as Record<string, unknown>;
  throw new AppError('BAD_INPUT', `${what} is no object.`);
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AppError('BAD_INPUT', `${what} is no JSON.`);
  }
}
