/** The warnings of a comparison: the API's own, plus the one-seed note wherever it did not say so itself. Pure. */

type ComparedRun = { architecture: string; seed: number | string };

const ONE_SEED_NOTE =
  'One seed per network says nothing about training noise: another seed could turn a small difference around.';

export function listWarnings(warnings: readonly string[], runs: readonly ComparedRun[]): string[] {
  if (warnings.some((warning) => /\bseeds?\b/i.test(warning)) || !hasLoneSeed(runs)) return [...warnings];
  return [...warnings, ONE_SEED_NOTE];
}

/** True when some network stands there with a single seed. */
function hasLoneSeed(runs: readonly ComparedRun[]): boolean {
  const seeds = new Map<string, Set<string>>();
  for (const { architecture, seed } of runs) {
    seeds.set(architecture, (seeds.get(architecture) ?? new Set()).add(String(seed)));
  }
  return [...seeds.values()].some(({ size }) => size === 1);
}
