/**
 * Puts the entries of a list on the patches of a dataset: on which of the list's sides each patch is, what of the list the
 * dataset lacks, and what of the dataset the list leaves out. A patch may be on several sides: then the list leaks.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../app-error.ts';
import { type JudgedList, judgeLists, type ListRequest } from '../listed-split/judge-lists.ts';
import { findNameRule, openNameRule } from '../source/name-rule.ts';
import { findListed, type ListLevel, SEVERAL } from './find-listed.ts';
import { type ListedDataset, type Named, nameSome } from './listed-dataset.ts';

/** A side is one bit of a patch. */
const SIDES_MAX = 31;

export type PlacedList = {
  /** As the list calls them, in their order. */
  sides: string[];
  /** Of each patch of the dataset the sides on which it is, side i as bit i. */
  masks: Uint32Array;
  found: FoundList;
};

/** What a list turned out to be, and how it fits the dataset. */
export type FoundList = {
  files: string[];
  /** SHA-256 over the files' texts, each behind its name. */
  digest: string;
  /** How each file was understood, in words. */
  layouts: string[];
  rule: string;
  level: ListLevel;
  entries: number;
  /** Rows without an id or without a side. */
  leftOutRows: number;
  /** Ids that the dataset lacks, and those that several of its units, slides or files may be. */
  unknown: Named;
  ambiguous: Named;
  /** Units of which no patch is listed. */
  unlistedUnits: Named;
  unlistedPatches: number;
  /** Units of which only some patches are listed. */
  partlyListedUnits: Named;
};

type PlaceRequest = ListRequest & {
  /** What the ids name; found when null. */
  level: ListLevel | null;
};

/** @throws AppError BAD_INPUT when a list cannot be read, or names nothing of the dataset */
export function placeList(request: PlaceRequest, dataset: ListedDataset): PlacedList {
  const judged = judgeLists(request);
  const { entries, audit } = judged;
  const sides = audit.sides.map(({ side }) => side);
  if (sides.length > SIDES_MAX) {
    throw new AppError('BAD_INPUT', `The list has ${sides.length} sides: at most ${SIDES_MAX} are taken.`);
  }
  const { rule, pattern } = request;
  const opened =
    rule === null && pattern === null
      ? findNameRule(entries.map(({ id }) => id))
      : openNameRule(rule ?? 'regex', pattern);
  const { level, positions } = findListed(entries, dataset, { level: request.level, rule: opened });
  const bits = new Uint32Array(
    { UNIT: dataset.units, SLIDE: dataset.slides, FILE: dataset.paths }[level].length,
  );
  const bitOf = new Map(sides.map((side, at) => [side, 1 << at]));
  const [unknown, ambiguous] = [new Set<string>(), new Set<string>()];
  entries.forEach(({ id, side }, at) => {
    const position = positions[at] as number;
    if (position >= 0) bits[position] = (bits[position] as number) | (bitOf.get(side) ?? 0);
    else (position === SEVERAL ? ambiguous : unknown).add(id);
  });
  const masks = spreadOverPatches(bits, level, dataset);
  return {
    sides,
    masks,
    found: {
      ...describeList(request, judged),
      level,
      unknown: nameSome(unknown),
      ambiguous: nameSome(ambiguous),
      ...findGaps(masks, dataset),
    },
  };
}

function spreadOverPatches(
  bits: Uint32Array,
  level: ListLevel,
  { unitOf, slideOf }: ListedDataset,
): Uint32Array {
  if (level === 'FILE') return bits;
  const numbers = level === 'UNIT' ? unitOf : slideOf;
  return Uint32Array.from(numbers, (number) => bits[number] as number);
}

function describeList({ files }: PlaceRequest, { audit, layouts, entries, leftOut }: JudgedList) {
  const hash = createHash('sha256');
  for (const { name, text } of files) hash.update(JSON.stringify([name, text]), 'utf8');
  return {
    files: files.map(({ name }) => name),
    digest: hash.digest('hex'),
    layouts,
    rule: audit.rule.about,
    entries: entries.length,
    leftOutRows: leftOut,
  };
}

function findGaps(masks: Uint32Array, { units, unitOf, fullSize }: ListedDataset) {
  const [listed, all] = [new Uint32Array(units.length), new Uint32Array(units.length)];
  let unlistedPatches = 0;
  masks.subarray(0, fullSize).forEach((mask, patch) => {
    const unit = unitOf[patch] as number;
    all[unit] = (all[unit] as number) + 1;
    if (mask === 0) unlistedPatches += 1;
    else listed[unit] = (listed[unit] as number) + 1;
  });
  const pick = (isMeant: (unit: number) => boolean) => nameSome(units.filter((_, unit) => isMeant(unit)));
  return {
    unlistedPatches,
    unlistedUnits: pick((unit) => listed[unit] === 0),
    partlyListedUnits: pick((unit) => listed[unit] !== 0 && listed[unit] !== all[unit]),
  };
}
