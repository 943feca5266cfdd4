/**
 * The leakage audit of a stored split: gathers its patches as a run would get them, has them audited, and stores the
 * first verdict with the split. A split without a verdict is audited later, so a crash in between loses nothing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invariant } from '@microtome/domain/app-error';
import { explainNoNearDuplicates, type SplitAudit } from '@microtome/domain/audit/audit-evidence';
import type { AuditedPatches } from '@microtome/domain/audit/audited-patches';
import { SUBSETS } from '@microtome/domain/split/subset';
import { labelClass } from '@microtome/domain/task/task';
import { type Dataset, Prisma } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import { getPatchLayout } from '../dataset/patch-layout.ts';
import { locatePatches } from '../dataset/shard-files.ts';
import type { Store } from '../store.ts';
import { getSplit } from './splits.ts';
import { judgeEvidence, type StoredEvidence } from './stored-evidence.ts';
import { listSubsetPatches, type SubsetPatches } from './subset-patches.ts';

/** This many groups of repeated pixels are checked for being blank; all groups beyond that are counted. */
const BLANK_CHECKS_MAX = 2_000;

/** Judges evidence, off the caller's thread where possible. */
export type ComputeAudit = (evidence: StoredEvidence) => SplitAudit | Promise<SplitAudit>;

type GatheredPatches = { patches: AuditedPatches; indexes: Int32Array };
/** The patches of each side, in the order of SUBSETS. */
type Sides = readonly SubsetPatches[];

/**
 * The verdict that is kept with the split; made now when there is none. Several may make it at once: one is kept.
 * @throws AppError NOT_FOUND when there is no such split, or when its patches are missing from the artifacts
 */
export async function auditStoredSplit(
  store: Store,
  { splitId, compute = judgeEvidence }: { splitId: string; compute?: ComputeAudit },
): Promise<SplitAudit> {
  const split = await getSplit(store, splitId);
  if (split.audit) return split.audit;
  const dataset = await getDataset(store, split.datasetId);
  const sides: SubsetPatches[] = [];
  // As a run would get them, so that even a leak that the tables forbid would be found.
  for (const subset of SUBSETS) sides.push(await listSubsetPatches(store, { splitId, subset }));
  const audit = await auditSides(store, { sides, dataset, compute });
  await store.database.prisma.split.updateMany({
    where: { id: splitId, audit: { equals: Prisma.DbNull } },
    data: { audit },
  });
  const { audit: kept } = await getSplit(store, splitId);
  invariant(kept, `split ${splitId} has no audit after one was written`);
  return kept;
}

/**
 * The verdict on sides that are not stored yet. `whyUnsearched` is a sentence that stands for the search for near-identical
 * patches, which takes minutes where everything else takes seconds.
 */
export function auditSides(
  store: Store,
  request: { sides: Sides; dataset: Dataset; compute: ComputeAudit; whyUnsearched?: string },
): Promise<SplitAudit> {
  return withCacheDir(async (cacheDir) =>
    request.compute(await gatherEvidence(store, { ...request, cacheDir })),
  );
}

/** Ids of the splits that have no verdict yet, oldest first. */
export async function listUnauditedSplits(store: Store): Promise<string[]> {
  const splits = await store.database.prisma.split.findMany({
    where: { audit: { equals: Prisma.DbNull } },
    orderBy: { id: 'asc' },
    select: { id: true },
  });
  return splits.map(({ id }) => id);
}

async function gatherEvidence(
  store: Store,
  {
    sides,
    dataset,
    cacheDir,
    whyUnsearched = explainNoNearDuplicates(dataset),
  }: { sides: Sides; dataset: Dataset; cacheDir: string; whyUnsearched?: string | null },
): Promise<StoredEvidence> {
  const { id: datasetId, patchSizePx, hasPlaces, unit } = dataset;
  const { patches, indexes } = await gatherPatches(store, { sides, datasetId });
  const groups = await findRepeatedPixels(store, dataset);
  const samples = chooseSamples(groups);
  const layout = await getPatchLayout(store, { datasetId, includeStrips: false });
  const isRead = !whyUnsearched || samples.length > 0;
  return {
    patches,
    patchSizePx,
    hasPlaces,
    unit,
    indexes,
    repeatedPixels: numberRepeated(indexes, groups),
    samples,
    whyUnsearched,
    located: isRead ? await locatePatches(layout, { artifacts: store.artifacts, cacheDir }) : null,
  };
}

/** The group of repeated pixels of each patch; one that is on two sides repeats itself. */
function numberRepeated(indexes: Int32Array, groups: ReadonlyMap<number, number>): Int32Array {
  const seen = new Set<number>();
  const twice = new Set(indexes.filter((index) => seen.size === seen.add(index).size));
  // Groups are numbered from 1, and no more of them than patches.
  return indexes.map((index) => groups.get(index) ?? (twice.has(index) ? groups.size + 1 + index : 0));
}

async function gatherPatches(
  store: Store,
  { sides, datasetId }: { sides: Sides; datasetId: string },
): Promise<GatheredPatches> {
  const labelOf = await listLabels(store, datasetId);
  const numbers = new Map<string, number>();
  const patients = sides.map((side) => {
    for (const key of side.patientKeys) if (!numbers.has(key)) numbers.set(key, numbers.size);
    return side.patients.map((patient) => numbers.get(side.patientKeys[patient]!)!);
  });
  return {
    indexes: joinInts(sides.map(({ indexes }) => indexes)),
    patches: {
      patients: joinInts(patients),
      x: joinInts(sides.map(({ x }) => x)),
      y: joinInts(sides.map(({ y }) => y)),
      labels: Uint8Array.from(sides.flatMap(({ classes }) => [...classes].map((at) => labelOf[at] ?? 0))),
      subsets: Uint8Array.from(sides.flatMap(({ count }, subset) => new Array<number>(count).fill(subset))),
    },
  };
}

/**
 * By class: what the rule that sees no pixel has to tell, the positive classes of the dataset's first task from all
 * others. A dataset of one class has nothing to tell apart.
 */
async function listLabels(store: Store, datasetId: string): Promise<number[]> {
  const task = await store.database.prisma.task.findFirst({ where: { datasetId, position: 0 } });
  return (task?.sides ?? []).map((_, position) => labelClass(task?.sides ?? [], position) ?? 0);
}

function joinInts(columns: Int32Array[]): Int32Array {
  const joined = new Int32Array(columns.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const column of columns) {
    joined.set(column, offset);
    offset += column.length;
  }
  return joined;
}

/** Full-size patches whose pixels occur more than once in the dataset: index to number of the group, from 1. */
async function findRepeatedPixels(
  store: Store,
  { id, patchCount }: Pick<Dataset, 'id' | 'patchCount'>,
): Promise<Map<number, number>> {
  const { rows } = await store.database.pool.query<{ index: number; group: number }>(
    `select index, "group" from (
       select index, dense_rank() over (order by pixel_hash)::int as "group",
         count(*) over (partition by pixel_hash) as copies
       from patch where dataset_id = $1 and index < $2) as hashed
     where copies > 1 order by index`,
    [id, patchCount],
  );
  return new Map(rows.map(({ index, group }) => [index, group]));
}

/** One patch of each group of repeated pixels, in the order of the dataset, up to the number that is checked. */
function chooseSamples(groups: Map<number, number>): StoredEvidence['samples'] {
  const samples = new Map<number, number>();
  for (const [index, group] of groups) if (!samples.has(group)) samples.set(group, index);
  return Array.from(samples, ([group, index]) => ({ group, index })).slice(0, BLANK_CHECKS_MAX);
}

/** Files fetched from a remote store are deleted afterwards. */
async function withCacheDir<Result>(use: (cacheDir: string) => Promise<Result>): Promise<Result> {
  const cacheDir = await mkdtemp(join(tmpdir(), 'microtome-audit-'));
  try {
    return await use(cacheDir);
  } finally {
    await rm(cacheDir, { recursive: true, force: true });
  }
}
