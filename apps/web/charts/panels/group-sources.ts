/** Runs of one setting as one: its seeds and folds averaged, with the spread around them. Pure. */
import { averageCurves } from '../curves/group-curves.ts';
import type { CurveSource } from './plot-panels.ts';

export type SettingSource = CurveSource & { run: NonNullable<CurveSource['run']>; setting: string };

/** Equal for runs that differ in nothing but their seed, and the split that they are on. */
export function nameSetting(hyperparameters: unknown): string {
  if (typeof hyperparameters !== 'object' || hyperparameters === null) return '';
  const kept = Object.entries(hyperparameters).filter(([key]) => key !== 'seed');
  return JSON.stringify(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** A setting with one run stays that run; each takes the colour of its first. */
export function groupSources(sources: readonly SettingSource[]): CurveSource[] {
  const settings = [...new Set(sources.map(({ setting }) => setting))];
  const groups = settings.map((setting) => sources.filter((source) => source.setting === setting));
  const names = new Set<string>();
  return groups.flatMap((alike): CurveSource[] => {
    const [first] = alike;
    if (!first) return [];
    if (alike.length === 1) return [first];
    const name = tellFrom(names, `${findStem(alike.map(({ run }) => run.name))} (${alike.length} runs)`);
    names.add(name);
    const metrics = new Set(alike.flatMap(({ curves }) => curves.map((curve) => curve.name)));
    const curves = [...metrics].map((metric) => {
      const ofMetric = alike.flatMap((source) => source.curves.filter((curve) => curve.name === metric));
      return { name: metric, ...averageCurves(ofMetric.map(({ points }) => points)) };
    });
    return [{ id: first.id, run: { name, tone: first.run.tone }, curves }];
  });
}

function tellFrom(taken: ReadonlySet<string>, name: string): string {
  let number = 2;
  let told = name;
  while (taken.has(told)) told = `${name} · ${number++}`;
  return told;
}

/** What the names begin with alike, without a last word that is cut off. */
function findStem(names: readonly string[]): string {
  const [first = ''] = names;
  let length = 0;
  while (length < first.length && names.every((name) => name[length] === first[length])) length++;
  const stem = first.slice(0, length).replace(/[\s,;:·(#-]*(seed|fold)?[\s,;:·(#-]*$/i, '');
  return stem || first;
}
