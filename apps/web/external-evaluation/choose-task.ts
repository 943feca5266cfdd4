/** Which task an exam is asked with: the chosen one while it fits, else the first that does, else none. Pure. */

/** Predictions alone: the patches have no labels, or none that the model knows. */
export const NO_TASK = 'none';

type CheckedTasks = { tasks: readonly { task: { id: string }; refusal?: string | null }[] };

export function chooseTask({ tasks }: CheckedTasks, wanted: string): string {
  const fitting = tasks.filter(({ refusal }) => !refusal).map(({ task }) => task.id);
  if (wanted === NO_TASK || fitting.includes(wanted)) return wanted;
  return fitting[0] ?? NO_TASK;
}
