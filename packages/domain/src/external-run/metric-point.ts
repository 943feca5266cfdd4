/**
 * A number that an external program records: when it was measured, at which step or epoch, and what it is. NaN and the
 * infinities are kept: that a loss is no number any more is what a person must see.
 */
import { AppError } from '../app-error.ts';
import { checkText } from '../text-rules.ts';

/** The most numbers of one batch. */
const POINTS_PER_BATCH_MAX = 10_000;
const STEP_MAX = 2 ** 31 - 1;
/** What a column of times can hold, with room to spare: the years 1 to 9999. */
const MOMENT_MIN_MS = -62_135_596_800_000;
const MOMENT_MAX_MS = 253_402_300_799_999;

export type MetricPoint = {
  name: string;
  value: number;
  /** Counts from 1; 0 where none is told. */
  epoch?: number;
  step?: number;
  /** When it was measured, in milliseconds since 1970; the time of arrival when left out. */
  atMs?: number | null;
};

export type CheckedPoint = { name: string; value: number; epoch: number; step: number; atMs: number | null };

/** @throws AppError BAD_INPUT that names the point */
export function checkPoints(points: readonly MetricPoint[]): CheckedPoint[] {
  if (points.length > POINTS_PER_BATCH_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `${points.length} numbers at once: at most ${POINTS_PER_BATCH_MAX} fit into a batch.`,
    );
  }
  // Most batches name few series again and again: each is looked at once.
  const names = new Map<string, string>();
  return points.map((point) => {
    const name = names.get(point.name) ?? checkText(point.name, 'metricName');
    names.set(point.name, name);
    return checkPoint({ ...point, name });
  });
}

function checkPoint({ name, value, epoch = 0, step = 0, atMs = null }: MetricPoint): CheckedPoint {
  if (typeof value !== 'number') throw refuse(name, `the value ${JSON.stringify(value)}, which is no number`);
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > STEP_MAX) {
    throw refuse(name, `epoch ${epoch}: epochs are whole numbers that count from 1`);
  }
  if (!Number.isInteger(step) || Math.abs(step) > STEP_MAX) {
    throw refuse(name, `step ${step}: steps are whole numbers up to ${STEP_MAX}`);
  }
  const isMoment = atMs === null || (Number.isFinite(atMs) && atMs >= MOMENT_MIN_MS && atMs <= MOMENT_MAX_MS);
  if (!isMoment) throw refuse(name, `the time ${atMs}: times are milliseconds since 1970`);
  // The database tells no -0 from 0 in a key, and neither does a chart.
  return { name, value: value === 0 ? 0 : value, epoch, step, atMs: atMs === null ? null : Math.floor(atMs) };
}

function refuse(name: string, what: string): AppError {
  return new AppError('BAD_INPUT', `Metric '${name}' has ${what}.`);
}
