/** Inserts what patches are of: the classes and the first task of a dataset, its patients and their slides. */
import type { ProposedTask } from '@microtome/domain/task/propose-task';
import type { PoolClient } from 'pg';
import { type CataloguedPatient, type CataloguedSlide, sumClassCounts } from '../packing/patch-catalogue.ts';
import { createUuidV7 } from '../uuid-v7.ts';

type ClassedPatients = {
  /** By position. */
  classes: readonly { name: string }[];
  task: ProposedTask | null;
  patients: readonly CataloguedPatient[];
};

type SlidesOfPatients = {
  /** The namespace of the patients' keys. */
  source: string;
  patients: readonly CataloguedPatient[];
  slides: readonly CataloguedSlide[];
};

/** Inserts the classes with their patches, and the first task. */
export async function insertClasses(
  client: PoolClient,
  datasetId: string,
  { classes, task, patients }: ClassedPatients,
): Promise<void> {
  await client.query(
    `insert into dataset_class (dataset_id, position, name, patch_count)
     select $1, position - 1, name, patch_count
     from unnest($2::text[], $3::int[]) with ordinality as new (name, patch_count, position)`,
    [datasetId, classes.map(({ name }) => name), sumClassCounts(patients)],
  );
  if (task) await insertTask(client, datasetId, task);
}

/** As the dataset's first task, or its next where it has others; one with the same sides is left as it is. */
export async function insertTask(client: PoolClient, datasetId: string, task: ProposedTask): Promise<void> {
  await client.query('select from dataset where id = $1 for no key update', [datasetId]);
  await client.query(
    `insert into task (id, dataset_id, position, name, positive_name, sides)
     select $1, $2, coalesce(max(position) + 1, 0), $3, $4, $5 from task where dataset_id = $2
     on conflict do nothing`,
    [createUuidV7(), datasetId, task.name, task.positiveName, task.sides],
  );
}

/** Inserts patients with their counts, and slides; the ids of the slides are in their order. */
export async function insertPatients(
  client: PoolClient,
  datasetId: string,
  { source, patients, slides }: SlidesOfPatients,
): Promise<string[]> {
  const keys = patients.map(({ key }) => key);
  // Sorted, so that two imports at once take the rows' locks in one order.
  await client.query(
    `insert into patient (id, source, key)
     select id, $3, key from unnest($1::uuid[], $2::text[]) as new (id, key) order by key collate "C"
     on conflict (source, key) do nothing`,
    [patients.map(() => createUuidV7()), keys, source],
  );
  await client.query(
    `insert into dataset_patient (dataset_id, patient_id, patch_count, class_counts, strip_count, site)
     select $1, patient.id, patch_count, class_counts::int[], strip_count, site
     from unnest($3::text[], $4::int[], $5::text[], $6::int[], $7::text[])
       as new (key, patch_count, class_counts, strip_count, site)
     join patient on patient.source = $2 and patient.key = new.key`,
    [
      ...[datasetId, source, keys, patients.map((patient) => patient.patchCount)],
      // An array of arrays would be taken apart by unnest, so each travels as text.
      ...[patients.map(({ classCounts }) => `{${classCounts.join()}}`)],
      ...[patients.map((patient) => patient.stripCount), listSites({ patients, slides })],
    ],
  );
  return insertSlides(client, datasetId, { source, patients, slides });
}

async function insertSlides(
  client: PoolClient,
  datasetId: string,
  { source, patients, slides }: SlidesOfPatients,
): Promise<string[]> {
  const slideIds = slides.map(() => createUuidV7());
  await client.query(
    `insert into slide (id, dataset_id, patient_id, key, width_px, height_px, microns_per_pixel, site,
       file_path, file_digest, file_width_px, file_height_px, file_microns_per_pixel)
     select new.id, $1, patient.id, new.key, width_px, height_px, microns_per_pixel, site,
       file_path, file_digest, file_width_px, file_height_px, file_microns_per_pixel
     from unnest($3::uuid[], $4::text[], $5::text[], $6::int[], $7::int[], $8::float8[], $9::text[],
         $10::text[], $11::text[], $12::int[], $13::int[], $14::float8[])
       as new (id, patient_key, key, width_px, height_px, microns_per_pixel, site,
         file_path, file_digest, file_width_px, file_height_px, file_microns_per_pixel)
     join patient on patient.source = $2 and patient.key = new.patient_key`,
    [
      ...[datasetId, source, slideIds, slides.map(({ patientIndex }) => patients[patientIndex]?.key)],
      ...[slides.map(({ key }) => key), slides.map(({ widthPx }) => widthPx)],
      ...[slides.map(({ heightPx }) => heightPx), slides.map(({ micronsPerPixel }) => micronsPerPixel)],
      ...[slides.map(({ site }) => site), slides.map(({ file }) => file?.path)],
      ...[slides.map(({ file }) => file?.digest), slides.map(({ file }) => file?.widthPx)],
      ...[slides.map(({ file }) => file?.heightPx), slides.map(({ file }) => file?.micronsPerPixel)],
    ],
  );
  return slideIds;
}

/** By patient: the site of all its slides; null where one of them is on another, or on none that is known. */
function listSites({ patients, slides }: Omit<SlidesOfPatients, 'source'>): (string | null)[] {
  const sites = patients.map(() => new Set<string | null>());
  for (const { patientIndex, site } of slides) sites[patientIndex]?.add(site);
  return sites.map((ofPatient) => (ofPatient.size === 1 ? ([...ofPatient][0] ?? null) : null));
}
