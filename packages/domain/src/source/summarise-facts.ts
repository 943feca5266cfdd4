/** What a source tells, in numbers: how many patients, slides, sites and groups, and how the patches are divided. */
import type { Subset } from '../split/subset.ts';
import {
  findSplittingUnit,
  measureUnits,
  type SplittingUnit,
  type ToldUnit,
} from '../unit/splitting-unit.ts';
import type { PatchFacts } from './source-patch.ts';

type CountedName = { name: string; patches: number };

export type FactSummary = {
  patches: number;
  /** Null where no patch tells one. */
  patients: number | null;
  slides: number | null;
  groups: number | null;
  /** By name. */
  sites: CountedName[];
  classes: CountedName[];
  withoutClass: number;
  subsets: { subset: Subset; patches: number }[];
  /** Patches whose place is told. */
  placed: number;
  /** The largest that is told of every patch, which splits are by unless a smaller one is asked for. */
  unit: SplittingUnit;
  /** Those that can be asked for, with the patches that each would leave out. */
  units: ToldUnit[];
};

export function summariseFacts(told: readonly { facts: PatchFacts }[]): FactSummary {
  const keys = { patient: new Set<string>(), slide: new Set<string>(), group: new Set<string>() };
  const [sites, classes, subsets] = [
    new Map<string, number>(),
    new Map<string, number>(),
    new Map<Subset, number>(),
  ];
  let [withoutClass, placed] = [0, 0];
  for (const { facts } of told) {
    for (const key of ['patient', 'slide', 'group'] as const) {
      const value = facts[key];
      if (value !== null) keys[key].add(value);
    }
    if (facts.site !== null) addTo(sites, facts.site);
    if (facts.subset !== null) addTo(subsets, facts.subset);
    if (facts.className === null) withoutClass += 1;
    else addTo(classes, facts.className);
    if (facts.x !== null) placed += 1;
  }
  const all = told.map(({ facts }) => facts);
  const countOf = (set: ReadonlySet<string>) => (set.size === 0 ? null : set.size);
  return {
    patches: told.length,
    patients: countOf(keys.patient),
    slides: countOf(keys.slide),
    groups: countOf(keys.group),
    sites: listCounts(sites),
    classes: listCounts(classes),
    withoutClass,
    subsets: [...subsets].map(([subset, patches]) => ({ subset, patches })),
    placed,
    unit: findSplittingUnit(all),
    units: measureUnits(all),
  };
}

function addTo<Key>(counts: Map<Key, number>, key: Key): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function listCounts(counts: ReadonlyMap<string, number>): CountedName[] {
  return [...counts].map(([name, patches]) => ({ name, patches })).sort((a, b) => (a.name < b.name ? -1 : 1));
}
