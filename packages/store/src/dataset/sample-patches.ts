/** A few patches of a dataset for people to look at. */
import { AppError } from '@microtome/domain/app-error';
import { labelClass } from '@microtome/domain/task/task';
import type { Store } from '../store.ts';

const MAX_SAMPLE = 200;

export type SamplePatch = {
  datasetId: string;
  index: number;
  x: number | null;
  y: number | null;
  widthPx: number;
  heightPx: number;
  classPosition: number;
  className: string;
  /** Under the dataset's first task; null where that leaves the class out. */
  label: 0 | 1 | null;
  patientKey: string;
};

type SampleRequest = {
  datasetId: string;
  /** Position of a class; null draws from all of them. */
  classPosition: number | null;
  /** 1 for the positive classes of the dataset's first task, 0 for its negative ones; null for any. */
  label: number | null;
  count: number;
  seed: number;
};

/** Full-size patches, 0 to 200 of them, drawn by a hash of seed and patch: the same seed draws the same. */
export async function listSamplePatches(store: Store, request: SampleRequest): Promise<SamplePatch[]> {
  const { datasetId, classPosition, label, count, seed } = request;
  if (label !== null && label !== 0 && label !== 1) {
    throw new AppError('BAD_INPUT', `label is ${label}: it must be 0 or 1.`);
  }
  if (count < 0 || count > MAX_SAMPLE) {
    throw new AppError('BAD_INPUT', `count is ${count}: it must lie between 0 and ${MAX_SAMPLE}.`);
  }
  const classes = await listClasses(store, datasetId);
  const wanted = classes.filter(
    (one) =>
      (classPosition === null || one.position === classPosition) && (label === null || one.label === label),
  );
  const rows = await store.database.prisma.$queryRaw<Omit<SamplePatch, 'label' | 'className'>[]>`
    select patch.dataset_id::text as "datasetId", patch.index, patch.x, patch.y, patch.width_px as "widthPx",
      patch.height_px as "heightPx", patch.class::int as "classPosition", patient.key as "patientKey"
    from (
      select patch.* from patch join dataset on dataset.id = patch.dataset_id
      where patch.dataset_id = ${datasetId}::uuid and patch.class = any (${wanted.map(({ position }) => position)}::int[])
        and patch.index < dataset.patch_count
      order by md5(${String(seed)} || ':' || patch.index) limit ${count}
    ) as patch
    join slide on slide.id = patch.slide_id
    join patient on patient.id = slide.patient_id
    order by patch.index`;
  return rows.map((row) => {
    const own = classes[row.classPosition];
    return { ...row, label: own?.label ?? null, className: own?.name ?? '' };
  });
}

/** By position, each with its label under the dataset's first task: null where that leaves it out. */
async function listClasses({ database: { prisma } }: Store, datasetId: string) {
  const [classes, task] = await Promise.all([
    prisma.datasetClass.findMany({ where: { datasetId }, orderBy: { position: 'asc' } }),
    prisma.task.findFirst({ where: { datasetId, position: 0 } }),
  ]);
  return classes.map(({ position, name }) => {
    return { position, name, label: task ? labelClass(task.sides, position) : null };
  });
}
