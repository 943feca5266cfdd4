/**
 * How much a number depends on each hyperparameter over a set of runs, a sweep say: by the mean of each value, the share
 * of the variance that lies between values, and for numbers the correlation of ranks. Each is looked at alone.
 */

export type MeasuredSetting = { hyperparameters: Readonly<Record<string, unknown>>; value: number };

export type SettingInfluence = {
  key: string;
  /** Of each value, or range of values, the mean over its runs; numbers rising. */
  groups: { label: string; count: number; mean: number }[];
  /** Largest mean minus smallest. */
  spread: number;
  /** Between the groups, 0 to 1; null where all runs are the same. */
  varianceShare: number | null;
  /** Spearman's, of numbers; null where one of the two does not vary, or the values are words. */
  rankCorrelation: number | null;
};

/** More numbers than this are put into groups of equal size. */
const VALUES_MAX = 8;
const RANGES = 4;
const SHOWN_DIGITS = 4;
const LEFT_OUT = new Set(['seed']);

/** Those that differ between the runs, the one with the largest share of the variance first. */
export function measureInfluence(runs: readonly MeasuredSetting[]): SettingInfluence[] {
  const keys = new Set(runs.flatMap(({ hyperparameters }) => Object.keys(hyperparameters)));
  return [...keys]
    .filter((key) => !LEFT_OUT.has(key))
    .flatMap((key) => measureKey(key, runs) ?? [])
    .sort((a, b) => (b.varianceShare ?? 0) - (a.varianceShare ?? 0) || (a.key < b.key ? -1 : 1));
}

function measureKey(key: string, runs: readonly MeasuredSetting[]): SettingInfluence | null {
  const pairs = runs.flatMap(({ hyperparameters, value }) =>
    hyperparameters[key] === undefined ? [] : [{ setting: hyperparameters[key], value }],
  );
  const distinct = new Set(pairs.map(({ setting }) => JSON.stringify(setting)));
  if (distinct.size < 2) return null;
  const numbers = pairs.flatMap(({ setting, value }) =>
    typeof setting === 'number' ? [{ setting, value }] : [],
  );
  const areNumbers = numbers.length === pairs.length;
  const groups =
    areNumbers && distinct.size > VALUES_MAX ? groupByRange(numbers) : groupByValue(pairs, areNumbers);
  const means = groups.map(({ mean }) => mean);
  return {
    key,
    groups,
    spread: Math.max(...means) - Math.min(...means),
    varianceShare: shareVariance(groups, pairs),
    rankCorrelation: areNumbers
      ? correlate(rank(numbers.map(({ setting }) => setting)), rank(numbers.map(({ value }) => value)))
      : null,
  };
}

type Group = SettingInfluence['groups'][number];

function groupByValue(pairs: readonly { setting: unknown; value: number }[], areNumbers: boolean): Group[] {
  const grouped = [...Map.groupBy(pairs, ({ setting }) => JSON.stringify(setting)).values()];
  const compare = (a: unknown, b: unknown) =>
    areNumbers ? Number(a) - Number(b) : String(a) < String(b) ? -1 : 1;
  return grouped
    .sort(([a], [b]) => compare(a?.setting, b?.setting))
    .map((members) => describe(writeSetting(members[0]?.setting), members));
}

function groupByRange(pairs: readonly { setting: number; value: number }[]): Group[] {
  const sorted = pairs.toSorted((a, b) => a.setting - b.setting);
  return Array.from({ length: RANGES }, (_, range) =>
    sorted.slice(
      Math.floor((range * sorted.length) / RANGES),
      Math.floor(((range + 1) * sorted.length) / RANGES),
    ),
  ).map((members) =>
    describe(`${writeSetting(members[0]?.setting)} to ${writeSetting(members.at(-1)?.setting)}`, members),
  );
}

/** With as many digits as a reader needs: what was drawn at random has seventeen. */
function writeSetting(setting: unknown): string {
  const isLong = typeof setting === 'number' && !Number.isInteger(setting);
  return String(isLong ? Number(setting.toPrecision(SHOWN_DIGITS)) : setting);
}

function describe(label: string, members: readonly { value: number }[]): Group {
  return { label, count: members.length, mean: average(members.map(({ value }) => value)) };
}

function shareVariance(groups: readonly Group[], pairs: readonly { value: number }[]): number | null {
  const mean = average(pairs.map(({ value }) => value));
  const total = pairs.reduce((sum, { value }) => sum + (value - mean) ** 2, 0);
  const between = groups.reduce((sum, group) => sum + group.count * (group.mean - mean) ** 2, 0);
  return total > 0 ? Math.min(1, between / total) : null;
}

/** Ties share the mean of their ranks. */
function rank(values: readonly number[]): number[] {
  const order = values.map((value, at) => ({ value, at })).sort((a, b) => a.value - b.value);
  const ranks = new Array<number>(values.length).fill(0);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && order[to]?.value === order[from]?.value) to++;
    for (let at = from; at < to; at++) ranks[order[at]?.at ?? 0] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

function correlate(a: readonly number[], b: readonly number[]): number | null {
  const [meanA, meanB] = [average(a), average(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (const [at, value] of a.entries()) {
    const [distanceA, distanceB] = [value - meanA, (b[at] ?? 0) - meanB];
    both += distanceA * distanceB;
    ofA += distanceA ** 2;
    ofB += distanceB ** 2;
  }
  return ofA > 0 && ofB > 0 ? both / Math.sqrt(ofA * ofB) : null;
}

function average(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
