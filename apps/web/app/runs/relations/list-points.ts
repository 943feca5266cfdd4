/** Runs as points of a picture: their values along its axes, and the number that is looked at. Pure. */
import type { SettingPoint } from '../../../charts/setting-option.ts';

type ValuedRun = { id: string; name: string; values: unknown };

export type RunPoint = SettingPoint & { id: string };

/** A run that lacks the number or one of the values is left out: it has no place in the picture. */
export function listPoints(
  runs: readonly ValuedRun[],
  { fields, of }: { fields: readonly string[]; of: string },
): RunPoint[] {
  return runs.flatMap(({ id, name, values }) => {
    const known = (values ?? {}) as Record<string, unknown>;
    const metric = known[of];
    const along = fields.map((field) => known[field]);
    if (typeof metric !== 'number' || !Number.isFinite(metric) || along.some(isMissing)) return [];
    return [{ id, name, metric, values: along.map(write) }];
  });
}

function isMissing(value: unknown): boolean {
  return value === null || value === undefined;
}

function write(value: unknown): unknown {
  return typeof value === 'object' ? JSON.stringify(value) : value;
}
