/** Named series of numbers of a run. The rows are the truth for numbers and never change. */
import { AppError } from '@microtome/domain/app-error';
import { isWorkerSeries, type SeriesOwner } from '@microtome/domain/run/series-owner';
import { checkText } from '@microtome/domain/text-rules';
import type { Run } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { lockRun } from './run-transitions.ts';

const METRICS_PER_CALL_MAX = 10_000;

type MetricPoint = { name: string; epoch: number; step: number; value: number };

/** One statement for all of them; a point that is there already is a unique violation. */
export async function insertMetrics(
  tx: Transaction,
  { runId, owner, metrics }: { runId: string; owner: SeriesOwner; metrics: readonly MetricPoint[] },
): Promise<void> {
  await tx.$executeRaw`
    insert into metric (run_id, owner, name, epoch, step, value)
    select ${runId}::uuid, ${owner}, name, epoch, step, value
    from unnest(${metrics.map(({ name }) => name)}::text[], ${metrics.map(({ epoch }) => epoch)}::int[],
      ${metrics.map(({ step }) => step)}::int[], ${metrics.map(({ value }) => value)}::float8[])
      as point (name, epoch, step, value)`;
}

/**
 * Adds numbers to a run from outside, all or none.
 * @throws AppError BAD_INPUT for a point out of range or a series of the worker's, NOT_FOUND, CONFLICT when one of the points is there already
 */
export async function logMetrics(
  store: Store,
  { runId, metrics }: { runId: string; metrics: readonly MetricPoint[] },
): Promise<Run> {
  const points = metrics.map(checkPoint);
  if (points.length > METRICS_PER_CALL_MAX) {
    throw new AppError('BAD_INPUT', `${points.length} numbers at once: at most ${METRICS_PER_CALL_MAX} fit.`);
  }
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
    await refuseKnownPoints(tx, { runId, points });
    await insertMetrics(tx, { runId, owner: 'EXTERNAL', metrics: points });
    return run;
  });
}

function checkPoint({ name, epoch, step, value }: MetricPoint): MetricPoint {
  const checked = checkText(name, 'metricName');
  if (isWorkerSeries(checked)) {
    throw new AppError(
      'BAD_INPUT',
      `Metric '${checked}' is recorded by the run's worker alone: a number from outside needs another name, such as 'external.${checked}'.`,
    );
  }
  if (!Number.isInteger(epoch) || epoch < 1) {
    throw new AppError('BAD_INPUT', `Metric '${checked}' has epoch ${epoch}: epochs count from 1.`);
  }
  if (!Number.isInteger(step) || step < 0) {
    throw new AppError(
      'BAD_INPUT',
      `Metric '${checked}' has step ${step}: it must be a whole number from 0.`,
    );
  }
  if (!Number.isFinite(value)) {
    throw new AppError(
      'BAD_INPUT',
      `Metric '${checked}' is ${value} at epoch ${epoch}: it must be a finite number.`,
    );
  }
  return { name: checked, epoch, step, value };
}

async function refuseKnownPoints(
  tx: Transaction,
  { runId, points }: { runId: string; points: readonly MetricPoint[] },
): Promise<void> {
  const keyOf = (point: { name: string; epoch: number }) => `'${point.name}' at epoch ${point.epoch}`;
  const seen = new Set<string>();
  for (const point of points) {
    if (seen.has(keyOf(point))) throw new AppError('BAD_INPUT', `Metric ${keyOf(point)} is given twice.`);
    seen.add(keyOf(point));
  }
  const names = [...new Set(points.map(({ name }) => name))];
  const rows = await tx.metric.findMany({
    where: { runId, owner: 'EXTERNAL', name: { in: names } },
    select: { name: true, epoch: true },
  });
  const known = rows.find((row) => seen.has(keyOf(row)));
  if (known) throw new AppError('CONFLICT', `Metric ${keyOf(known)} is recorded already and never changes.`);
}
