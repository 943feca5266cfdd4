/**
 * Finds what of a dataset an entry of a list names: a unit, a slide or a file. All entries of a list name the same kind of
 * thing, and the kind that most of them name is taken, so that no entry is bent to another meaning than its neighbours.
 */
import { AppError } from '../app-error.ts';
import type { ListEntry } from '../listed-split/list-entries.ts';
import { getStem } from '../source/file-path.ts';
import { createFileIndex } from '../source/manifest/file-index.ts';
import type { NameRule } from '../source/name-rule.ts';
import { createKeyIndex } from './key-index.ts';
import type { ListedDataset } from './listed-dataset.ts';

/** What the entries of a list name. */
export const LIST_LEVELS = ['UNIT', 'SLIDE', 'FILE'] as const;

export type ListLevel = (typeof LIST_LEVELS)[number];

type Found = { kind: 'one'; position: number } | { kind: 'none' } | { kind: 'many' };

/** `positions` holds for each entry the number of the unit, slide or patch, or -1; -2 where several are meant. */
type FoundEntries = { level: ListLevel; positions: Int32Array };

const NOT_FOUND = -1;
export const SEVERAL = -2;

type Means = { level: ListLevel; find: (entry: ListEntry) => Found };

/** @throws AppError BAD_INPUT when nothing of the dataset is named */
export function findListed(
  entries: readonly ListEntry[],
  dataset: ListedDataset,
  { level, rule }: { level: ListLevel | null; rule: NameRule },
): FoundEntries {
  const byId = nameMeans(dataset, ({ id }) => id);
  // Only where no id is known by itself: what a column or a rule tells of it.
  const told = nameMeans(dataset, ({ id, patient }) => patient ?? rule.read(id)?.patient ?? null);
  const toldSlides = nameMeans(dataset, ({ id }) => rule.read(id)?.slide ?? null);
  const isWanted = (means: Means) => level === null || means.level === level;
  const found =
    findBest(entries, [byId.units, byId.slides, byId.files].filter(isWanted)) ??
    findBest(entries, [toldSlides.slides, told.units].filter(isWanted));
  if (found) return found;
  const kind = level === null ? 'a unit, a slide or a file' : `a ${level.toLowerCase()}`;
  const [first] = entries;
  throw new AppError(
    'BAD_INPUT',
    `None of ${entries.length} entries is ${kind} of '${dataset.name}'${first ? `, for example '${first.id}'` : ''}.`,
  );
}

function nameMeans(dataset: ListedDataset, nameOf: (entry: ListEntry) => string | null) {
  const units = lazily(() => createKeyIndex(dataset.units));
  const slides = lazily(() => createKeyIndex(dataset.slides.map(({ key }) => key)));
  const files = lazily(() => createFileIndex(dataset.paths.map((path) => path ?? '')));
  const find = (entry: ListEntry, search: (name: string) => Found): Found => {
    const name = nameOf(entry);
    return name === null ? { kind: 'none' } : search(name);
  };
  return {
    units: { level: 'UNIT' as const, find: (entry: ListEntry) => find(entry, (name) => units().find(name)) },
    slides: {
      level: 'SLIDE' as const,
      find: (entry: ListEntry) =>
        find(entry, (name) => {
          const ofUnit = entry.patient === null ? null : units().find(entry.patient);
          const isOwn = (slide: number) =>
            ofUnit?.kind !== 'one' || dataset.slides[slide]?.unit === ofUnit.position;
          const exact = slides().find(name, isOwn);
          return exact.kind === 'none' ? slides().find(getStem(name), isOwn) : exact;
        }),
    },
    files: {
      level: 'FILE' as const,
      find: (entry: ListEntry) =>
        find(entry, (name) => {
          const found = files().find(name);
          return found.kind === 'outside' ? { kind: 'none' } : found;
        }),
    },
  };
}

/** The means by which most entries are found, the first among equals; null when none finds any. */
function findBest(entries: readonly ListEntry[], means: readonly Means[]): FoundEntries | null {
  let best: FoundEntries | null = null;
  let most = 0;
  for (const { level, find } of means) {
    const positions = new Int32Array(entries.length);
    let count = 0;
    entries.forEach((entry, at) => {
      const found = find(entry);
      positions[at] = found.kind === 'one' ? found.position : found.kind === 'many' ? SEVERAL : NOT_FOUND;
      if (found.kind === 'one') count += 1;
    });
    if (count > most) best = { level, positions };
    most = Math.max(most, count);
  }
  return best;
}

function lazily<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
