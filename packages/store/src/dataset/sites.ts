/** The sites of datasets with what they have of each, in one statement for many datasets. */
import type { Store } from '../store.ts';

export type DatasetSite = {
  datasetId: string;
  site: string;
  patients: number;
  slides: number;
  /** Of full size. */
  patches: number;
};

/** By name; none where the source tells no site. */
export async function listSitesOfDatasets(
  { database: { prisma } }: Store,
  datasetIds: readonly string[],
): Promise<DatasetSite[]> {
  return prisma.$queryRaw<DatasetSite[]>`
    select slide.dataset_id::text as "datasetId", slide.site, count(distinct slide.patient_id)::int as patients,
      count(distinct slide.id)::int as slides, count(patch.index)::int as patches
    from slide join dataset on dataset.id = slide.dataset_id
      left join patch on patch.slide_id = slide.id and patch.dataset_id = dataset.id and patch.index < dataset.patch_count
    where slide.dataset_id = any (${[...datasetIds]}::uuid[]) and slide.site is not null
    group by slide.dataset_id, slide.site order by slide.site collate "C"`;
}
