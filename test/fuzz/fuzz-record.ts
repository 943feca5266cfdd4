/** What a fuzzing test tells of itself to the program that makes the page: how much it tried, and what it kept in memory. */
declare module 'vitest' {
  interface TaskMeta {
    fuzzing?: FuzzRecord;
  }
}

export type FuzzRecord = {
  inputs: number;
  /** What was held in memory when everything that can be freed was freed. */
  keptBytes?: { before: number; after: number };
};

type FuzzTask = { meta: { fuzzing?: FuzzRecord } };

/** At its beginning, so that a test that fails is counted too. */
export function recordInputs(task: FuzzTask, inputs: number): void {
  task.meta.fuzzing = { inputs };
}

export function recordMemory(task: FuzzTask, keptBytes: { before: number; after: number }): void {
  task.meta.fuzzing = { inputs: 0, ...task.meta.fuzzing, keptBytes };
}
