/** Which steps of a long history an MLflow chart is given: evenly spaced, the first and the last always among them. */

/** `steps` ascending and each once; at most one more than `limit` of them. */
export function sampleSteps(steps: readonly number[], limit: number): number[] {
  if (steps.length <= limit) return [...steps];
  const stride = steps.length / limit;
  const sampled = Array.from({ length: limit }, (_, place) => steps[Math.floor(place * stride)]!);
  const last = steps.at(-1)!;
  return sampled.at(-1) === last ? sampled : [...sampled, last];
}
