/** One event of a run as a line of its log. The payload is JSON; unknown parts are shown as they are. */
import { formatMetric } from '../../../format/format-number.ts';
import { listEpochMetrics, type MetricCatalogue, pickMain } from '../../../metrics/metric-catalogue.ts';
import type { StreamEvent } from './run-stream-state.ts';

export type LogTone = 'plain' | 'good' | 'danger' | 'accent';
type LogLine = { text: string; tone: LogTone };

/** Main figures of VALIDATION in the line of an epoch. */
const FIGURES = 3;

export function describeEvent(
  event: Pick<StreamEvent, 'kind' | 'payload' | 'metrics'>,
  catalogue: MetricCatalogue,
): LogLine {
  const payload = asRecord(event.payload);
  if (event.kind === 'STATUS') return describeStatus(payload);
  if (event.kind === 'EPOCH')
    return { text: describeEpoch(payload, event.metrics, catalogue), tone: 'plain' };
  if (event.kind === 'EVALUATION')
    return { text: `evaluated on ${payload.subset ?? 'a subset'}`, tone: 'good' };
  const line = payload.line ?? payload.message;
  const isBad = payload.level === 'error' || payload.stream === 'stderr';
  return {
    text: typeof line === 'string' ? line : JSON.stringify(event.payload),
    tone: isBad ? 'danger' : 'plain',
  };
}

function describeStatus(payload: Record<string, unknown>): LogLine {
  if (payload.cancelRequested === true) return { text: 'cancel requested', tone: 'accent' };
  const status = String(payload.status ?? '');
  const text = [status, ...explainStatus(payload)].filter(Boolean).join(': ') || JSON.stringify(payload);
  if (status === 'FAILED') return { text, tone: 'danger' };
  return { text, tone: status === 'SUCCEEDED' ? 'good' : 'accent' };
}

function explainStatus(payload: Record<string, unknown>): string[] {
  if (typeof payload.error === 'string') return [payload.error];
  if (payload.retried === true) return ['tried again'];
  if (typeof payload.outcome === 'string') return [`the attempt ended (${payload.outcome.toLowerCase()})`];
  return typeof payload.workerId === 'string' ? [`on worker ${payload.workerId}`] : [];
}

function describeEpoch(
  payload: Record<string, unknown>,
  metrics: StreamEvent['metrics'],
  catalogue: MetricCatalogue,
): string {
  const main = pickMain(listEpochMetrics(catalogue), FIGURES).map((name) => `validation.${name}`);
  const figures = ['train.loss', ...main].flatMap((name) => {
    const metric = metrics.find((one) => one.name === name);
    return metric ? [`${name} ${formatMetric(metric.value)}`] : [];
  });
  const best = payload.best === true ? ['best so far'] : [];
  return [`epoch ${payload.epoch ?? '?'}`, ...figures, ...best].join(' · ');
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
