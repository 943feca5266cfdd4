/** What a sweep's page derives from its runs: names, figures and their spread. Pure. */

import { describeValue, titleField } from '../../../form/schema-fields.ts';
import type { SweepPageFragment } from '../../../graphql/generated/graphql.ts';

/** A run of the sweep with its rank and its figure. */
export type SweepRun = SweepPageFragment['ranking'][number];

type Spread = { count: number; mean: number; sd: number | null; low: number; high: number };

type DescribedRun = {
  sweepRung?: number | null;
  sweepPlace?: number | null;
  hyperparameters: unknown;
  seed: unknown;
};

/** Mean and sample standard deviation; the latter needs two numbers. Null without any. */
export function measureSpread(values: readonly (number | null | undefined)[]): Spread | null {
  const known = values.filter(
    (value): value is number => typeof value === 'number' && Number.isFinite(value),
  );
  if (known.length === 0) return null;
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  const squares = known.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    count: known.length,
    mean,
    sd: known.length > 1 ? Math.sqrt(squares / (known.length - 1)) : null,
    low: Math.min(...known),
    high: Math.max(...known),
  };
}

/** The value of one hyperparameter of a run. */
export function readHyperparameter(run: DescribedRun, key: string): unknown {
  return (run.hyperparameters as Record<string, unknown> | null)?.[key];
}

/** "Learning rate 0.00123, batch size 32"; a fold by its number. */
export function describeSetting(run: DescribedRun, variedKeys: readonly string[]): string {
  if (variedKeys.length === 0) return `Fold ${(run.sweepPlace ?? 0) + 1}`;
  const parts = variedKeys.map(
    (key) => `${titleField(key).toLowerCase()} ${describeSettingValue(readHyperparameter(run, key))}`,
  );
  return parts.join(', ').replace(/^./, (first) => first.toUpperCase());
}

/** Drawn numbers have sixteen digits; four tell settings apart. */
export function describeSettingValue(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  return describeValue(value);
}
