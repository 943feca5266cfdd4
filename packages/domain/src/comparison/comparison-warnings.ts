/** What a reader must keep in mind when comparing these runs, as sentences. */
import type { Learning } from '../evaluation/learning.ts';
import type { RunStatus } from '../run/run-status.ts';
import type { SplitKind } from '../split/split.ts';
import { isUnsafeSplit } from '../split/unsafe-split.ts';
import type { SplittingUnit } from '../unit/splitting-unit.ts';
import { hasUnits, nameIndependent, nameUnit, warnOfIntervals } from '../unit/unit-words.ts';

/** With more names the sentence would be too long to read. */
const MAX_NAMED_RUNS = 6;

/** The parts of a run that the warnings are about. */
export type WarnedRun = {
  name: string;
  status: RunStatus;
  datasetId: string;
  /** What its dataset is split by. */
  unit: SplittingUnit;
  task: { id: string; name: string };
  split: { id: string; name: string; kind: SplitKind; audit: { passed: boolean } | null };
  hyperparameters: Readonly<Record<string, unknown>>;
  backend: string | null;
  /** Null before the run is evaluated. */
  learning: Learning | null;
};

export function listComparisonWarnings(runs: readonly WarnedRun[]): string[] {
  return [
    ...warnOfUnsafeSplits(runs),
    ...warnOfUnits(runs),
    ...warnOfChance(runs),
    ...warnOfDifferentData(runs),
    ...warnOfDifferentTasks(runs),
    ...warnOfSeeds(runs),
    ...warnOfUnfinished(runs),
    ...warnOfBackends(runs),
  ];
}

function warnOfUnsafeSplits(runs: readonly WarnedRun[]): string[] {
  const unsafe = runs.filter(({ split }) => isUnsafeSplit(split));
  const [byPatch, failed] = [true, false].map((isByPatch) =>
    unsafe.filter(({ split }) => (split.kind === 'PATCH') === isByPatch),
  );
  const warn = (some: readonly WarnedRun[] | undefined, where: string) =>
    some?.length
      ? [`${nameRuns(some)} trained on an unsafe split, ${where}: figures are too good to be true.`]
      : [];
  const [bound, unbound] = [true, false].map((isBound) =>
    byPatch?.filter(({ unit }) => hasUnits(unit) === isBound),
  );
  const one = nameUnit(bound?.[0]?.unit ?? 'PATIENT').one;
  return [
    ...warn(bound, `where patches of one ${one} lie on both sides`),
    ...warn(unbound, 'whose patches nothing binds together'),
    ...warn(failed, 'whose leakage audit failed'),
  ];
}

/** What the statistics of these runs take for independent, where it is not patients. */
function warnOfUnits(runs: readonly WarnedRun[]): string[] {
  return [...new Set(runs.flatMap(({ unit }) => warnOfIntervals(unit) ?? []))];
}

function warnOfChance(runs: readonly WarnedRun[]): string[] {
  return runs.flatMap(({ name, learning }) =>
    learning?.state === 'NOT_LEARNED' ? [`Run '${name}': ${learning.title}. ${learning.reason}`] : [],
  );
}

function warnOfDifferentData(runs: readonly WarnedRun[]): string[] {
  if (new Set(runs.map(({ datasetId }) => datasetId)).size > 1) {
    return ['These runs are on different datasets: their figures cannot be compared.'];
  }
  const splits = new Map(runs.map(({ split }) => [split.id, split.name]));
  if (splits.size === 1) return [];
  const names = [...splits.values()].map((name) => `'${name}'`).join(', ');
  return [
    `These runs are on different splits (${names}): a difference may come from the ${nameIndependent(runs[0]?.unit ?? 'PATIENT')} alone.`,
  ];
}

function warnOfDifferentTasks(runs: readonly WarnedRun[]): string[] {
  const tasks = new Map(runs.map(({ task }) => [task.id, task.name]));
  if (tasks.size < 2) return [];
  const names = [...tasks.values()].map((name) => `'${name}'`).join(', ');
  return [`These runs are of different tasks (${names}): their figures answer different questions.`];
}

/** Runs that differ only in their seed show how large training noise is; a single run does not. */
function warnOfSeeds(runs: readonly WarnedRun[]): string[] {
  const groups = new Map<string, WarnedRun[]>();
  for (const run of runs) {
    const { seed: _, ...others } = run.hyperparameters;
    const key = JSON.stringify([run.split.id, Object.entries(others).sort()]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const repeated = [...groups.values()].filter((group) => group.length > 1);
  const warnings = repeated.map(
    (group) => `${nameRuns(group)} differ only in their seed: their differences are training noise.`,
  );
  if (groups.size > 1 && repeated.length < groups.size) {
    warnings.push(
      'One seed per network says nothing about training noise: repeat with other seeds before you believe a small difference.',
    );
  }
  return warnings;
}

function warnOfUnfinished(runs: readonly WarnedRun[]): string[] {
  return runs
    .filter(({ status }) => status !== 'SUCCEEDED')
    .map(({ name, status }) => `Run '${name}' is ${status}: it has no final figures.`);
}

function warnOfBackends(runs: readonly WarnedRun[]): string[] {
  const backends = new Set(runs.flatMap(({ backend }) => backend ?? []));
  if (backends.size < 2) return [];
  return [
    `These runs trained on different backends (${[...backends].join(', ')}): speeds cannot be compared.`,
  ];
}

function nameRuns(runs: readonly WarnedRun[]): string {
  const names = runs.slice(0, MAX_NAMED_RUNS).map(({ name }) => `'${name}'`);
  const left = runs.length - names.length;
  if (left > 0) return `Runs ${names.join(', ')} and ${left} more`;
  return names.length === 1 ? `Run ${names[0]}` : `Runs ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
