/** The hyperparameters in which runs differ; those that they share are left out. */

/** `values` in the order of the runs; null where a run does not have the key. */
export type HyperparameterDifference = { key: string; values: unknown[] };

/** Keys in the order of the first run that has them; values are compared as JSON. */
export function listHyperparameterDifferences(
  sets: readonly Readonly<Record<string, unknown>>[],
): HyperparameterDifference[] {
  const keys = new Set(sets.flatMap((set) => Object.keys(set)));
  return [...keys]
    .map((key) => ({ key, values: sets.map((set) => set[key] ?? null) }))
    .filter(({ values }) => new Set(values.map((value) => JSON.stringify(value))).size > 1);
}
