/** What a reader must keep in mind when these runs stand side by side, as sentences. */
import { isUnsafeSplit } from '@microtome/domain/split/unsafe-split';
import type { ComparedRun } from './compare-runs.ts';

/** More names than that make a sentence that nobody reads. */
const MAX_NAMED_RUNS = 6;

export function listComparisonWarnings(runs: readonly ComparedRun[]): string[] {
  return [
    ...warnOfUnsafeSplits(runs),
    ...warnOfDifferentData(runs),
    ...warnOfSeeds(runs),
    ...warnOfUnfinished(runs),
    ...warnOfBackends(runs),
  ];
}

function warnOfUnsafeSplits(runs: readonly ComparedRun[]): string[] {
  const unsafe = runs.filter(({ split }) => isUnsafeSplit(split));
  const [byPatch, failed] = [true, false].map((isByPatch) =>
    unsafe.filter(({ splitKind }) => (splitKind === 'PATCH') === isByPatch),
  );
  const warn = (some: readonly ComparedRun[] | undefined, where: string) =>
    some?.length
      ? [`${nameRuns(some)} trained on an unsafe split, ${where}: figures are too good to be true.`]
      : [];
  return [
    ...warn(byPatch, 'where patches of one patient lie on both sides'),
    ...warn(failed, 'whose leakage audit failed'),
  ];
}

function warnOfDifferentData(runs: readonly ComparedRun[]): string[] {
  if (new Set(runs.map(({ datasetId }) => datasetId)).size > 1) {
    return ['These runs are on different data sets: their figures cannot be compared.'];
  }
  const splits = new Map(runs.map(({ split }) => [split.id, split.name]));
  if (splits.size === 1) return [];
  const names = [...splits.values()].map((name) => `'${name}'`).join(', ');
  return [`These runs are on different splits (${names}): a difference may come from the patients alone.`];
}

/** Runs that are the same but for their seed tell how large training noise is; a single one tells nothing of it. */
function warnOfSeeds(runs: readonly ComparedRun[]): string[] {
  const groups = new Map<string, ComparedRun[]>();
  for (const run of runs) {
    const { seed: _, ...others } = run.hyperparameters;
    const key = JSON.stringify([run.splitId, Object.entries(others).sort()]);
    groups.set(key, [...(groups.get(key) ?? []), run]);
  }
  const repeated = [...groups.values()].filter((group) => group.length > 1);
  const warnings = repeated.map(
    (group) => `${nameRuns(group)} differ in their seed alone: what they differ by is training noise.`,
  );
  if (groups.size > 1 && repeated.length < groups.size) {
    warnings.push(
      'One seed per network says nothing about training noise: repeat with other seeds before you believe a small difference.',
    );
  }
  return warnings;
}

function warnOfUnfinished(runs: readonly ComparedRun[]): string[] {
  return runs
    .filter(({ status }) => status !== 'SUCCEEDED')
    .map(({ name, status }) => `Run '${name}' is ${status}: it has no final figures.`);
}

function warnOfBackends(runs: readonly ComparedRun[]): string[] {
  const backends = new Set(runs.flatMap(({ backend }) => backend ?? []));
  if (backends.size < 2) return [];
  return [
    `These runs trained on different backends (${[...backends].join(', ')}): speeds cannot be compared.`,
  ];
}

function nameRuns(runs: readonly ComparedRun[]): string {
  const names = runs.slice(0, MAX_NAMED_RUNS).map(({ name }) => `'${name}'`);
  const left = runs.length - names.length;
  if (left > 0) return `Runs ${names.join(', ')} and ${left} more`;
  return names.length === 1 ? `Run ${names[0]}` : `Runs ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
