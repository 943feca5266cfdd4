/** How many inputs a fuzzing test was asked to try, told to the program that prints the table. */
declare module 'vitest' {
  interface TaskMeta {
    fuzzedInputs?: number;
  }
}

export function recordInputs(task: { meta: { fuzzedInputs?: number } }, inputs: number): void {
  task.meta.fuzzedInputs = inputs;
}
