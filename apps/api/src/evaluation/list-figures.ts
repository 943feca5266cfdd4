/** The figures of an evaluation as a list, each with its title and its interval, in the order of the catalogue. */
import { METRICS, titleMetric } from '@microtome/domain/metrics/metric';
import type { Interval } from '@microtome/domain/statistics/binomial-interval';

export type EvaluationFigure = {
  metric: string;
  title: string;
  value: number;
  low: number | null;
  high: number | null;
};

const PLACES = new Map(METRICS.map(({ name }, at) => [name, at]));

/** Only the named ones where names are given. A figure that is undefined is left out. */
export function listFigures(
  metrics: object | null,
  {
    intervals = {},
    names,
  }: { intervals?: Readonly<Record<string, Interval>> | null; names?: readonly string[] | null },
): EvaluationFigure[] {
  const flat = Object.entries(metrics ?? {}).flatMap(([name, value]): [string, unknown][] =>
    name === 'macro' && typeof value === 'object' && value !== null
      ? Object.entries(value).map(([of, mean]) => [`macro.${of}`, mean])
      : [[name, value]],
  );
  return flat
    .filter((entry): entry is [string, number] => typeof entry[1] === 'number' && PLACES.has(entry[0]))
    .filter(([name]) => names?.includes(name) ?? true)
    .sort(([a], [b]) => (PLACES.get(a) ?? 0) - (PLACES.get(b) ?? 0))
    .map(([metric, value]) => {
      const [low, high] = intervals?.[metric] ?? [null, null];
      return { metric, title: titleMetric(metric), value, low, high };
    });
}
