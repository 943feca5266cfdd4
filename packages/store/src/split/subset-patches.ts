/**
 * The patches of one side of a split, as columns of numbers: a dataset has hundreds of thousands. They come from the
 * database packed into one value, which is many times faster than a row for each.
 */
import { invariant } from '@microtome/domain/app-error';
import { checkPublishedSides, placePublishedPatch } from '@microtome/domain/split/published-split';
import { assignPatch } from '@microtome/domain/split/random-patch-split';
import { findFractions, type SplitFractions } from '@microtome/domain/split/split';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import { labelClass, type TaskSides } from '@microtome/domain/task/task';
import type { Split } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';
import { getSplit } from './splits.ts';

const COLUMNS = ['indexes', 'x', 'y', 'widthPx', 'heightPx', 'classes', 'given', 'slides'] as const;
const INT_BYTES = 4;

export type SubsetPatches = {
  count: number;
  /** Number of each patch within its dataset, rising. */
  indexes: Int32Array;
  /** Position of each patch's class among the classes of the dataset. */
  classes: Uint8Array;
  /** Position of each patch's patient in `patientKeys`, 0 to P-1. */
  patients: Int32Array;
  /** Sorted by code unit. */
  patientKeys: string[];
  /** Position of each patch's slide in `slideIds`. */
  slides: Int32Array;
  slideIds: string[];
  /** Key of each of them within its patient: the same in every dataset that holds the slide. */
  slideKeys: string[];
  /** Site of each of them; null where the source tells none. */
  slideSites: (string | null)[];
  /** Index into SUBSETS of the side on which the publisher put each patch; -1 for none. */
  given: Int32Array;
  /** Left and top edge on the slide, from 0; -1 where the source tells no place. */
  x: Int32Array;
  y: Int32Array;
  widthPx: Int32Array;
  heightPx: Int32Array;
};

/** The patches that take part in a task. */
export type LabelledPatches = SubsetPatches & {
  /** 1 = positive. */
  labels: Uint8Array;
};

type SubsetRequest = {
  splitId: string;
  subset: Subset;
  /** Also the patches cut at a slide's edge, which are smaller than the others. */
  includeStrips?: boolean;
};

type SlideRow = { id: string; key: string; site: string | null; patientKey: string };

/** In the order of their indexes. Works for both kinds of split: by patient, and (unsafe) by patch. */
export async function listSubsetPatches(store: Store, request: SubsetRequest): Promise<SubsetPatches> {
  const split = await getSplit(store, request.splitId);
  const includeStrips = request.includeStrips ?? false;
  if (split.kind === 'PATIENT') {
    const slides = await listSlides(store, { datasetId: split.datasetId, split, subset: request.subset });
    return readPatches(store, { datasetId: split.datasetId, slides, includeStrips });
  }
  const all = await listDatasetPatches(store, { datasetId: split.datasetId, includeStrips });
  const isOnSide = await openSides(store, { split, patches: all });
  return pickWhere(all, (position) => isOnSide(position, request.subset));
}

/** Without the patches of classes that the task leaves out. */
export async function listLabelledPatches(
  store: Store,
  { sides, ...request }: SubsetRequest & { sides: TaskSides },
): Promise<LabelledPatches> {
  return labelPatches(await listSubsetPatches(store, request), sides);
}

/** Without those of classes that the task leaves out, with patients and slides numbered without gaps. */
export function labelPatches(patches: SubsetPatches, sides: TaskSides): LabelledPatches {
  const labelOf = sides.map((_, position) => labelClass(sides, position));
  const isIn = (position: number) => labelOf[patches.classes[position]!] !== null;
  const kept = labelOf.includes(null) ? pickWhere(patches, isIn) : patches;
  return { ...kept, labels: kept.classes.map((position) => labelOf[position] ?? 0) };
}

/** Whether the patch at this position is on this side. By a list that leaks, a patch may be on several. */
export type IsOnSide = (position: number, subset: Subset) => boolean;

/** The sides of a stored split by patch, for all patches of its dataset in their order. */
export async function openSides(
  store: Store,
  {
    split,
    patches,
  }: { split: Pick<Split, 'id' | 'strategy' | 'seed' | 'fractions'>; patches: SubsetPatches },
): Promise<IsOnSide> {
  if (split.strategy === 'IMPORTED') {
    const { sides } = await store.database.prisma.splitPatchSides.findUniqueOrThrow({
      where: { splitId: split.id },
    });
    return (position, subset) => isListedOn(sides[patches.indexes[position]!]!, subset);
  }
  const subsets = listSides(patches, split);
  return (position, subset) => subsets[position] === subset;
}

/** The sides of one patch as a list gives them, that of SUBSETS at i as bit i. */
export function isListedOn(sides: number, subset: Subset): boolean {
  return Boolean(sides & (1 << SUBSETS.indexOf(subset)));
}

function listSides(
  patches: SubsetPatches,
  split: Pick<Split, 'strategy' | 'seed' | 'fractions'>,
): (Subset | null)[] {
  if (split.strategy === 'PUBLISHED') return placeAsPublished(patches, Number(split.seed));
  const fractions = findFractions(split.fractions);
  invariant(fractions, 'a split by patch has no fractions');
  return assignPatches(patches, { seed: Number(split.seed), fractions });
}

/** The sides that the publisher gave, VALIDATION taken from TRAIN where there is none. */
export function placeAsPublished({ count, given, indexes }: SubsetPatches, seed: number): (Subset | null)[] {
  const sides = Array.from(given, (side) => SUBSETS[side] ?? null);
  const { lacksValidation } = checkPublishedSides(new Set(sides));
  return Array.from({ length: count }, (_, at) =>
    placePublishedPatch({ given: sides[at] ?? null, lacksValidation, seed, index: indexes[at]! }),
  );
}

/** Every patch of a dataset. */
export async function listDatasetPatches(
  store: Store,
  { datasetId, includeStrips }: { datasetId: string; includeStrips: boolean },
): Promise<SubsetPatches> {
  return readPatches(store, { datasetId, slides: await listSlides(store, { datasetId }), includeStrips });
}

/** The subset of each patch of an unsafe split, in their order. */
export function assignPatches(
  patches: SubsetPatches,
  { seed, fractions }: { seed: number; fractions: SplitFractions },
): Subset[] {
  return Array.from({ length: patches.count }, (_, position) => {
    const patientKey = patches.patientKeys[patches.patients[position]!]!;
    const [x, y] = [patches.x[position]!, patches.y[position]!];
    // Without a place a patch is told apart by its number.
    const place = x < 0 ? { x: patches.indexes[position]!, y: -1 } : { x, y };
    return assignPatch({ seed, fractions, patientKey, ...place });
  });
}

/** Those of slides at these sites, with patients and slides numbered without gaps; all where no site is named. */
export function pickSites(patches: SubsetPatches, sites: readonly string[]): SubsetPatches {
  if (sites.length === 0) return patches;
  const isAsked = patches.slideSites.map((site) => site !== null && sites.includes(site));
  return pickWhere(patches, (position) => isAsked[patches.slides[position]!] ?? false);
}

/** The left edge of each patch; its number where the source tells no place, so that patches can be told apart. */
export function tellApart({ x, indexes }: SubsetPatches): Int32Array {
  return x.map((left, at) => (left < 0 ? indexes[at]! : left));
}

/** The patches whose position passes, with patients and slides numbered without gaps. */
export function pickWhere(patches: SubsetPatches, passes: (position: number) => boolean): SubsetPatches {
  return pickPatches(
    patches,
    Int32Array.from({ length: patches.count }, (_, position) => position).filter(passes),
  );
}

/** The patches at these positions, which rise, with patients and slides numbered without gaps. */
export function pickPatches(patches: SubsetPatches, positions: Int32Array): SubsetPatches {
  const { patientKeys, slideIds, slideKeys } = patches;
  const patientOfSlide = new Int32Array(slideIds.length).fill(-1);
  for (const position of positions) patientOfSlide[patches.slides[position]!] = patches.patients[position]!;
  const numbers = new Int32Array(slideIds.length);
  const used: number[] = [];
  for (let slide = 0; slide < numbers.length; slide++) {
    if (patientOfSlide[slide]! >= 0) numbers[slide] = used.push(slide) - 1;
  }
  const pick = (column: Int32Array) => positions.map((position) => column[position]!);
  return withPatients({
    count: positions.length,
    indexes: pick(patches.indexes),
    classes: pickClasses(patches.classes, positions),
    x: pick(patches.x),
    y: pick(patches.y),
    given: pick(patches.given),
    widthPx: pick(patches.widthPx),
    heightPx: pick(patches.heightPx),
    slides: positions.map((position) => numbers[patches.slides[position]!]!),
    slideRows: used.map((slide) => ({
      id: slideIds[slide]!,
      key: slideKeys[slide]!,
      site: patches.slideSites[slide] ?? null,
      patientKey: patientKeys[patientOfSlide[slide]!]!,
    })),
  });
}

function pickClasses(classes: Uint8Array, positions: Int32Array): Uint8Array {
  const picked = new Uint8Array(positions.length);
  for (let at = 0; at < picked.length; at++) picked[at] = classes[positions[at]!]!;
  return picked;
}

/** Slides in the order of patient key and slide key, by code unit. */
async function listSlides(
  store: Store,
  { datasetId, split, subset }: { datasetId: string; split?: Split; subset?: Subset },
): Promise<SlideRow[]> {
  const { rows } = await store.database.pool.query<SlideRow>(
    `select slide.id, slide.key, slide.site, patient.key as "patientKey" from slide join patient on patient.id = slide.patient_id
     where slide.dataset_id = $1 and ($2::uuid is null or exists (
       select from split_patient where split_id = $2 and split_patient.patient_id = slide.patient_id and subset = $3))
     order by patient.key collate "C", slide.key collate "C"`,
    [datasetId, split?.id ?? null, subset ?? null],
  );
  return rows;
}

async function readPatches(
  store: Store,
  { datasetId, slides, includeStrips }: { datasetId: string; slides: SlideRow[]; includeStrips: boolean },
): Promise<SubsetPatches> {
  const { rows } = await store.database.pool.query<{ packed: Buffer | null }>(
    `select string_agg(int4send(index) || int4send(coalesce(x, -1)) || int4send(coalesce(y, -1)) || int4send(width_px)
         || int4send(height_px) || int4send(class::int)
         || int4send(coalesce(array_position($4::text[], given_subset), 0) - 1) || int4send((slide.position - 1)::int), ''::bytea order by index) as packed
     from patch join unnest($2::uuid[]) with ordinality as slide (id, position) on slide.id = patch.slide_id
     where dataset_id = $1 and ($3 or index < (select patch_count from dataset where id = $1))`,
    [datasetId, slides.map(({ id }) => id), includeStrips, SUBSETS],
  );
  return unpack(rows[0]?.packed ?? Buffer.alloc(0), slides);
}

function unpack(packed: Buffer, slideRows: SlideRow[]): SubsetPatches {
  const rowBytes = COLUMNS.length * INT_BYTES;
  invariant(packed.length % rowBytes === 0, `${packed.length} bytes are no whole number of patches`);
  const count = packed.length / rowBytes;
  const read = (column: (typeof COLUMNS)[number]) => {
    const offset = COLUMNS.indexOf(column) * INT_BYTES;
    return Int32Array.from({ length: count }, (_, row) => packed.readInt32BE(row * rowBytes + offset));
  };
  return withPatients({
    count,
    indexes: read('indexes'),
    classes: Uint8Array.from(read('classes')),
    x: read('x'),
    y: read('y'),
    given: read('given'),
    widthPx: read('widthPx'),
    heightPx: read('heightPx'),
    slides: read('slides'),
    slideRows,
  });
}

type Columns = Omit<SubsetPatches, 'patients' | 'patientKeys' | 'slideIds' | 'slideKeys' | 'slideSites'> & {
  slideRows: SlideRow[];
};

function withPatients({ slideRows, ...columns }: Columns): SubsetPatches {
  const patientKeys = [...new Set(slideRows.map(({ patientKey }) => patientKey))];
  const numbers = new Map(patientKeys.map((key, number) => [key, number]));
  const patientOfSlide = Int32Array.from(slideRows, ({ patientKey }) => numbers.get(patientKey)!);
  return {
    ...columns,
    slideIds: slideRows.map(({ id }) => id),
    slideKeys: slideRows.map(({ key }) => key),
    slideSites: slideRows.map(({ site }) => site),
    patientKeys,
    patients: columns.slides.map((slide) => patientOfSlide[slide]!),
  };
}
