/**
 * From the sides of a list to those of splits. A list of TRAIN, VALIDATION and TEST is one split; a list of folds is a
 * cross-validation. Where each unit is on one side it is a split by unit; otherwise an unsafe one by patch, in which a
 * patch may be on several sides.
 */
import { AppError } from '../app-error.ts';
import { isFold } from '../listed-split/list-entries.ts';
import { checkPublishedSides, placePublishedPatch, splitAsPublished } from '../split/published-split.ts';
import { compareKeys, type PatientAssignment, type PatientCounts } from '../split/split.ts';
import { SUBSETS, type Subset } from '../split/subset.ts';
import type { ListedDataset } from './listed-dataset.ts';
import type { PlacedList } from './place-list.ts';

export type CrossingUnit = {
  key: string;
  /** Its patches by the sides of the list. */
  sides: { side: string; patches: number }[];
};

export type ImportedSides = {
  /** Of a cross-validation. */
  fold: number | null;
  folds: number | null;
  divided:
    | { kind: 'PATIENT'; assignments: PatientAssignment[] }
    /** Of each patch its sides, that of SUBSETS at i as bit i. */
    | { kind: 'PATCH'; sides: Uint8Array };
};

type SidesRequest = {
  placed: Pick<PlacedList, 'sides' | 'masks'>;
  dataset: Pick<ListedDataset, 'units' | 'unitOf'>;
  /** In the order of the units; null where nothing binds patches together. */
  units: readonly PatientCounts[] | null;
  /** Number of each patch within its dataset. */
  indexes: Int32Array;
  seed: number;
  /** What several units are called. */
  many: string;
};

/** @throws AppError BAD_INPUT where a side that is needed is missing */
export function importSides(request: SidesRequest): ImportedSides[] {
  const { placed, units, dataset } = request;
  const masks = joinByUnit(placed.masks, dataset);
  const isDivided = units !== null && masks.every((mask) => (mask & (mask - 1)) === 0);
  return listFolds(placed.sides).map(({ fold, folds, subsetOf }) => {
    const divided = isDivided
      ? ({
          kind: 'PATIENT',
          assignments: assignUnits({ units, masks, subsetOf, many: request.many }),
        } as const)
      : ({ kind: 'PATCH', sides: placePatches(request, subsetOf) } as const);
    return { fold, folds, divided };
  });
}

/** Units on more than one side of the list, by key. */
export function findCrossingUnits(
  { sides, masks }: Pick<PlacedList, 'sides' | 'masks'>,
  { units, unitOf }: Pick<ListedDataset, 'units' | 'unitOf'>,
): CrossingUnit[] {
  const joined = joinByUnit(masks, { units, unitOf });
  const counts = new Map<number, number[]>();
  joined.forEach((mask, unit) => {
    if ((mask & (mask - 1)) !== 0)
      counts.set(
        unit,
        sides.map(() => 0),
      );
  });
  masks.forEach((mask, patch) => {
    const own = counts.get(unitOf[patch] as number);
    if (!own) return;
    for (let side = 0; side < sides.length; side++) {
      if (mask & (1 << side)) own[side] = (own[side] ?? 0) + 1;
    }
  });
  return [...counts]
    .map(([unit, own]) => ({
      key: units[unit] as string,
      sides: sides.flatMap((side, at) => (own[at] ? [{ side, patches: own[at] }] : [])),
    }))
    .sort((a, b) => compareKeys(a.key, b.key));
}

function joinByUnit(
  masks: Uint32Array,
  { units, unitOf }: Pick<ListedDataset, 'units' | 'unitOf'>,
): Uint32Array {
  const joined = new Uint32Array(units.length);
  masks.forEach((mask, patch) => {
    const unit = unitOf[patch] as number;
    joined[unit] = (joined[unit] as number) | mask;
  });
  return joined;
}

type Fold = Pick<ImportedSides, 'fold' | 'folds'> & {
  /** The side of a split by the place of a side of the list. */
  subsetOf: readonly Subset[];
};

/** Each fold is TEST once, the next one VALIDATION, the rest TRAIN. */
function listFolds(sides: readonly string[]): Fold[] {
  const named = sides.flatMap((side) => SUBSETS.find((subset) => subset === side) ?? []);
  if (named.length === sides.length) return [{ fold: null, folds: null, subsetOf: named }];
  const stray = sides.find((side) => !isFold(side));
  if (stray !== undefined) {
    throw new AppError('BAD_INPUT', `The side '${stray}' of the list is none of ${SUBSETS.join(', ')}.`);
  }
  const folds = sides.length;
  if (folds < SUBSETS.length) {
    throw new AppError(
      'BAD_INPUT',
      `The list has ${folds} folds: ${SUBSETS.length} are needed, one each to train, validate and test.`,
    );
  }
  return sides.map((_, fold) => ({
    fold,
    folds,
    subsetOf: sides.map((_, at) =>
      at === fold ? 'TEST' : at === (fold + 1) % folds ? 'VALIDATION' : 'TRAIN',
    ),
  }));
}

function assignUnits({
  units,
  masks,
  subsetOf,
  many,
}: {
  units: readonly PatientCounts[];
  masks: Uint32Array;
  subsetOf: readonly Subset[];
  many: string;
}): PatientAssignment[] {
  const given = units.map((unit, at) => {
    const side = 31 - Math.clz32(masks[at] as number);
    return { ...unit, given: [side < 0 ? null : (subsetOf[side] ?? null)] };
  });
  return splitAsPublished(given, many) ?? [];
}

function placePatches({ placed, indexes, seed }: SidesRequest, subsetOf: readonly Subset[]): Uint8Array {
  const bitOf = subsetOf.map((subset) => 1 << SUBSETS.indexOf(subset));
  const [train, validation] = [1 << SUBSETS.indexOf('TRAIN'), 1 << SUBSETS.indexOf('VALIDATION')];
  const sides = Uint8Array.from(placed.masks, (mask) =>
    bitOf.reduce((joined, bit, side) => (mask & (1 << side) ? joined | bit : joined), 0),
  );
  const all = sides.reduce((joined, own) => joined | own, 0);
  const present = new Set<Subset | null>(SUBSETS.filter((_, at) => all & (1 << at)));
  const { lacksValidation } = checkPublishedSides(present);
  if (!lacksValidation) return sides;
  return sides.map((own, at) => {
    if (!(own & train)) return own;
    const place = { given: 'TRAIN' as const, lacksValidation, seed, index: indexes[at] as number };
    return placePublishedPatch(place) === 'VALIDATION' ? (own & ~train) | validation : own;
  });
}
