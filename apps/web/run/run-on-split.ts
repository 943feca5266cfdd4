/**
 * Runs that stand on a split, as all that our workers train. An external program may tell of none; such a run has neither
 * evaluation nor tissue, and is in no sweep, exam, comparison or model.
 */
type SplitFields = { split: unknown; dataset: unknown; task: unknown };

export type OnSplit<Run extends SplitFields> = Run & {
  split: NonNullable<Run['split']>;
  dataset: NonNullable<Run['dataset']>;
  task: NonNullable<Run['task']>;
};

export function isOnSplit<Run extends SplitFields>(run: Run): run is OnSplit<Run> {
  return Boolean(run.split && run.dataset && run.task);
}

/** What is there wherever a run stands on a split. */
export function known<Value>(value: Value): NonNullable<Value> {
  if (value === null || value === undefined)
    throw new Error('A run without a split is shown as one with a split.');
  return value;
}
