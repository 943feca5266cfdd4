/**
 * The verdict on a split that is known by its list alone: which units are on two of its sides, by how much each side is
 * affected, and what the list does not tell. No image is read, so copies and neighbours are not looked for.
 */
import { AppError } from '../app-error.ts';
import { findNameRule, type NameRule } from '../source/name-rule.ts';
import { compareKeys } from '../split/split.ts';
import type { ListEntry, ListedIds } from './list-entries.ts';

/** ID: the list tells neither patient nor slide, so each id stands for itself. */
type ListUnit = 'PATIENT' | 'SLIDE' | 'GROUP' | 'ID';

type ListSide = {
  side: string;
  entries: number;
  units: number;
  slides: number | null;
  shared: number;
};

export type ListAudit = {
  isClean: boolean;
  unit: ListUnit;
  rule: Pick<NameRule, 'name' | 'about' | 'pattern'>;
  units: number;
  /** Units on more than one side, by key. */
  shared: { key: string; sides: { side: string; entries: number }[] }[];
  /** Slides in all and on more than one side; null where the list tells none besides the unit. */
  slides: { all: number; shared: number } | null;
  sides: ListSide[];
  pairs: { a: string; b: string; shared: number }[];
  sites: { site: string; units: { side: string; units: number }[] }[];
  /** Patients with several slide ids that a rule joined. */
  joined: { patient: string; slides: string[] }[];
  /** Entries whose name is not of the rule's form. */
  unread: { count: number; example: string | null };
  sentences: string[];
};

type Placed = { side: string; unit: string; slide: string | null; site: string | null };

const NOUNS: Record<ListUnit, [one: string, many: string]> = {
  PATIENT: ['patient', 'patients'],
  SLIDE: ['slide', 'slides'],
  GROUP: ['group', 'groups'],
  ID: ['id', 'ids'],
};
const SIDE_ORDER = ['TRAIN', 'VALIDATION', 'TEST'];

/**
 * Without a rule, one that reads every name is taken, or none. `idsAre` is what the list itself says of its ids.
 * BAD_INPUT when nothing can be judged.
 */
export function auditList(
  entries: readonly ListEntry[],
  given: NameRule | null,
  idsAre: ListedIds | null = null,
): ListAudit {
  const rule = given ?? findNameRule(entries.map(({ id }) => id));
  const { unit, placed, unread } = placeEntries(entries, rule, idsAre);
  const sides = [...new Set(placed.map(({ side }) => side))].sort(compareSides);
  if (sides.length < 2) {
    const found = sides.length === 0 ? 'no side' : `the side ${sides[0]} alone`;
    throw new AppError('BAD_INPUT', `The list tells ${found}: a split has two sides at least.`);
  }
  const units = Map.groupBy(placed, (entry) => entry.unit);
  const sidesOf = new Map([...units].map(([key, own]) => [key, new Set(own.map(({ side }) => side))]));
  const shared = [...units]
    .filter(([key]) => (sidesOf.get(key)?.size ?? 0) > 1)
    .map(([key, own]) => ({ key, sides: countSides(own, sides) }))
    .sort((a, b) => compareKeys(a.key, b.key));
  const findings = {
    isClean: shared.length === 0,
    unit,
    rule: { name: rule.name, about: rule.about, pattern: rule.pattern },
    units: units.size,
    shared,
    slides: unit === 'PATIENT' ? countSlides(placed) : null,
    sides: sides.map((side) => describeSide(placed, { side, sidesOf })),
    pairs: sides.flatMap((a, at) =>
      sides.slice(at + 1).map((b) => ({
        a,
        b,
        shared: [...sidesOf.values()].filter((own) => own.has(a) && own.has(b)).length,
      })),
    ),
    sites: listSites(placed, sides),
    joined: unit === 'PATIENT' ? listJoined(placed, rule) : [],
    unread,
  };
  return { ...findings, sentences: describeFindings(findings) };
}

/** The unit in the plural or the singular, as sentences have it. */
export function nameUnits(unit: ListUnit, count: number): string {
  return NOUNS[unit][count === 1 ? 0 : 1];
}

function placeEntries(entries: readonly ListEntry[], rule: NameRule, idsAre: ListedIds | null) {
  const facts = entries.map((entry) => ({ entry, told: rule.read(entry.id) }));
  const isTold = rule.name !== 'none';
  const hasPatients = facts.every(({ entry, told }) => entry.patient ?? told?.patient ?? (isTold && !told));
  const unit: ListUnit = hasPatients && facts.length > 0 ? 'PATIENT' : isTold ? 'SLIDE' : (idsAre ?? 'ID');
  const unread = facts.filter(({ entry, told }) => isTold && !told && !entry.patient);
  if (unread.length === entries.length) {
    const example = entries[0] ? `, for example '${entries[0].id}'` : '';
    throw new AppError(
      'BAD_INPUT',
      `None of ${entries.length} ids is of the form that the rule '${rule.name}' reads${example}.`,
    );
  }
  const placed = facts.flatMap(({ entry, told }): Placed[] => {
    const patient = entry.patient ?? told?.patient ?? null;
    const slide = told?.slide ?? null;
    const key =
      unit === 'PATIENT' ? patient : unit === 'SLIDE' ? (told?.slide ?? patient ?? entry.id) : entry.id;
    return key ? [{ side: entry.side, unit: key, slide, site: entry.site ?? told?.site ?? null }] : [];
  });
  return { unit, placed, unread: { count: unread.length, example: unread[0]?.entry.id ?? null } };
}

function countSides(own: readonly Placed[], sides: readonly string[]) {
  return sides.flatMap((side) => {
    const entries = own.filter((entry) => entry.side === side).length;
    return entries > 0 ? [{ side, entries }] : [];
  });
}

function describeSide(
  placed: readonly Placed[],
  { side, sidesOf }: { side: string; sidesOf: ReadonlyMap<string, Set<string>> },
): ListSide {
  const own = placed.filter((entry) => entry.side === side);
  const units = new Set(own.map(({ unit }) => unit));
  const slides = new Set(own.flatMap(({ slide }) => slide ?? []));
  const shared = [...units].filter((unit) => (sidesOf.get(unit)?.size ?? 0) > 1).length;
  return {
    side,
    entries: own.length,
    units: units.size,
    slides: slides.size > 0 ? slides.size : null,
    shared,
  };
}

function countSlides(placed: readonly Placed[]): ListAudit['slides'] {
  const sides = new Map<string, Set<string>>();
  for (const { slide, side } of placed)
    if (slide) sides.set(slide, (sides.get(slide) ?? new Set()).add(side));
  if (sides.size === 0) return null;
  return { all: sides.size, shared: [...sides.values()].filter((own) => own.size > 1).length };
}

function listSites(placed: readonly Placed[], sides: readonly string[]): ListAudit['sites'] {
  const bySite = Map.groupBy(
    placed.filter(({ site }) => site !== null),
    ({ site }) => site as string,
  );
  return [...bySite]
    .map(([site, own]) => ({
      site,
      units: sides.map((side) => ({
        side,
        units: new Set(own.filter((entry) => entry.side === side).map(({ unit }) => unit)).size,
      })),
    }))
    .sort((a, b) => compareKeys(a.site, b.site));
}

/** BreakHis alone: a number that comes with several letters is one patient here, which its publishers do not say. */
function listJoined(placed: readonly Placed[], { name }: NameRule): ListAudit['joined'] {
  if (name !== 'breakhis') return [];
  return [...Map.groupBy(placed, ({ unit }) => unit)]
    .map(([patient, own]) => ({
      patient,
      slides: [...new Set(own.flatMap(({ slide }) => slide ?? []))].sort(),
    }))
    .filter(({ slides }) => slides.length > 1)
    .sort((a, b) => compareKeys(a.patient, b.patient));
}

function describeFindings(audit: Omit<ListAudit, 'sentences'>): string[] {
  const { unit, units, shared, slides, pairs, joined, unread, sites, rule } = audit;
  const noun = nameUnits(unit, units);
  const sentences = [
    shared.length === 0
      ? `Clean: none of ${units} ${noun} is on two sides.`
      : `Leaking: ${shared.length} of ${units} ${noun} ${shared.length === 1 ? 'is' : 'are'} on two sides or more, so figures of this split flatter.`,
  ];
  if (slides) sentences.push(`Of ${slides.all} slides ${slides.shared} are on two sides or more.`);
  for (const { a, b, shared: count } of pairs) {
    if (count > 0) sentences.push(`${a} and ${b} share ${count} ${nameUnits(unit, count)}.`);
  }
  if (joined.length > 0) {
    const ids = joined.reduce((sum, own) => sum + own.slides.length, 0);
    sentences.push(
      `${ids} slides are taken for ${joined.length} patients, since their numbers differ in letters alone; whether they are, the publisher does not say.`,
    );
  }
  if (unit !== 'PATIENT') {
    sentences.push(
      `The list tells no patients: tissue of one patient may lie on two sides under different ${nameUnits(unit, 2)}.`,
    );
  }
  if (unread.count > 0) {
    sentences.push(
      `${unread.count} ids are not of the form that the rule '${rule.name}' reads and are left out, for example '${unread.example}'.`,
    );
  }
  const onSeveral = sites.filter(
    (own) => own.units.filter(({ units: count }) => count > 0).length > 1,
  ).length;
  if (onSeveral > 0)
    sentences.push(
      `Of ${sites.length} sites ${onSeveral} are on two sides or more: figures on TEST say nothing about a new site.`,
    );
  sentences.push('Images were not read: copies under another name were not looked for.');
  return sentences;
}

function compareSides(a: string, b: string): number {
  const [placeA, placeB] = [SIDE_ORDER.indexOf(a), SIDE_ORDER.indexOf(b)];
  return placeA - placeB || a.localeCompare(b, 'en', { numeric: true });
}
