/** Makes splits: planned by the domain's rules, written once and whole. */
import { invariant } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { Split } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { planSplits } from './split-plan.ts';
import type { PlannedSplit, SplitRequest } from './split-rows.ts';

/**
 * One split; `folds` of them for K_FOLD and PRESERVED_SITES, one a site for BY_SITE without named sites. A split that exists already (same digest) is returned as it is.
 * @throws AppError BAD_INPUT with a sentence that says what to change, NOT_FOUND for the dataset
 */
export async function createSplit(store: Store, request: SplitRequest): Promise<Split[]> {
  const name = request.name === undefined ? undefined : checkText(request.name, 'splitName');
  const planned = await planSplits(store, { ...request, name });
  return store.database.prisma.$transaction((tx) => insertSplits(tx, planned));
}

/** Writes planned splits within the caller's transaction; one that exists already is returned as it is. */
export async function insertSplits(tx: Transaction, planned: readonly PlannedSplit[]): Promise<Split[]> {
  // Two requests for the same split take turns, so that the second finds it.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('microtome splits'))`;
  const splits: Split[] = [];
  for (const split of planned) splits.push(await insertOrReuse(tx, split));
  return splits;
}

async function insertOrReuse(
  tx: Transaction,
  { row, patients, sites, patchSides }: PlannedSplit,
): Promise<Split> {
  const { datasetId, digest } = row;
  const known = await tx.split.findUnique({ where: { datasetId_digest: { datasetId, digest } } });
  if (known) return known;
  const split = await tx.split.create({ data: row });
  await tx.splitSite.createMany({ data: sites.map((one) => ({ ...one, splitId: split.id })) });
  if (patchSides)
    await tx.splitPatchSides.create({ data: { splitId: split.id, sides: Buffer.from(patchSides) } });
  if (patients.length > 0) {
    const written = await tx.$executeRaw`
      insert into split_patient (split_id, patient_id, split_kind, dataset_id, subset, site)
      select ${split.id}::uuid, patient_id, ${split.kind}, ${datasetId}::uuid, subset, site
      from unnest(${patients.map(({ patientId }) => patientId)}::uuid[],
        ${patients.map(({ subset }) => subset)}::text[],
        ${patients.map(({ site }) => site)}::text[]) as new (patient_id, subset, site)`;
    invariant(written === patients.length, `split ${split.id} has ${written} of ${patients.length} patients`);
  }
  return split;
}
