/** What a launch sends: one run, or a pair that differs only in its network. Pure. */
import type { SchemaValue } from '../../form/schema-fields.ts';

type Preset = { name: string; hyperparameters: unknown };

export type Hyperparameters = Record<string, SchemaValue>;

/** The two presets of the one-click comparison. */
export const PAIR = ['shallow', 'deep'] as const;

/**
 * The hyperparameters of one side of "shallow vs deep": those of the form with another network, so that split, seed
 * and budget are the same on both sides.
 */
export function planPairSide(changed: Hyperparameters, architecture: string): Hyperparameters {
  return { ...changed, architecture };
}

export function nameRun(hyperparameters: Hyperparameters): string {
  return `${hyperparameters.architecture ?? 'run'}, seed ${hyperparameters.seed ?? 1}`;
}

/** What the gate asks every network to beat. */
const BASELINE_PRESET = 'colour-baseline';

/** The third run of the one-click comparison: the baseline as it learns well, with the seed and the budget of the two. */
export function planBaseline(changed: Hyperparameters, presets: readonly Preset[]): Hyperparameters | null {
  const preset = findPreset(presets, BASELINE_PRESET);
  return preset && { ...changed, ...preset };
}

export function findPreset(presets: readonly Preset[], wanted: string | null): Hyperparameters | null {
  return (
    (presets.find(({ name }) => name === wanted)?.hyperparameters as Hyperparameters | undefined) ?? null
  );
}

/** An experiment's name that is not taken yet: "Shallow vs deep", "Shallow vs deep 2", … */
export function nameExperiment(wanted: string, taken: readonly string[]): string {
  if (!taken.includes(wanted)) return wanted;
  let number = 2;
  while (taken.includes(`${wanted} ${number}`)) number += 1;
  return `${wanted} ${number}`;
}

/** Whether two sets of changes are the same, in any order. */
export function isSamePlan(a: Hyperparameters, b: Hyperparameters): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
