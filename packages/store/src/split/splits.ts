/** Splits: made by the domain's rules, written once and whole, deleted only while nothing stands on them. */
import { AppError, invariant } from '@microtome/domain/app-error';
import type { SplitFractions, SplitStrategy } from '@microtome/domain/split/split';
import type { Split } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { rethrowInUse } from '../database/database-errors.ts';
import { checkText } from '../database/text-fields.ts';
import type { Store } from '../store.ts';
import { type PlannedSplit, planSplits } from './split-plan.ts';

const NAME_LENGTH_MAX = 200;

export type SplitRequest = {
  datasetId: string;
  strategy: SplitStrategy;
  /** Whole, 0 to 2^32 - 1. */
  seed?: number;
  /** For PATIENT_STRATIFIED and RANDOM_PATCH. */
  fractions?: SplitFractions;
  /** For K_FOLD. */
  folds?: number;
  name?: string;
};

/** NOT_FOUND when there is none. */
export async function getSplit(store: Store, splitId: string): Promise<Split> {
  const split = await store.database.prisma.split.findUnique({ where: { id: splitId } });
  if (!split) throw new AppError('NOT_FOUND', `There is no split ${splitId}.`);
  return split;
}

/**
 * One split, or `folds` of them for K_FOLD. A split that is there already (same digest) is given back as it is.
 * @throws AppError BAD_INPUT with a sentence that says what to change, NOT_FOUND for the data set
 */
export async function createSplit(store: Store, request: SplitRequest): Promise<Split[]> {
  const name =
    request.name === undefined
      ? undefined
      : checkText(request.name, { noun: 'name of the split', maxLength: NAME_LENGTH_MAX });
  const planned = await planSplits(store, { ...request, name });
  return store.database.prisma.$transaction((tx) => insertSplits(tx, planned));
}

/** Writes planned splits within the caller's transaction; one that is there already is given back as it is. */
export async function insertSplits(tx: Transaction, planned: readonly PlannedSplit[]): Promise<Split[]> {
  // Two requests for the same split take turns, so that the second finds it.
  await tx.$executeRaw`select pg_advisory_xact_lock(hashtext('microtome splits'))`;
  const splits: Split[] = [];
  for (const split of planned) splits.push(await insertOrReuse(tx, split));
  return splits;
}

/**
 * Deletes a split on which nothing stands.
 * @throws AppError NOT_FOUND; CONFLICT while runs stand on it, or when its TEST was opened for a run since deleted
 */
export async function deleteSplit(store: Store, splitId: string): Promise<void> {
  const { name } = await getSplit(store, splitId);
  await store.database.prisma
    .$transaction(async (tx) => {
      const runs = await tx.run.count({ where: { splitId } });
      if (runs > 0)
        throw new AppError('CONFLICT', `Split '${name}' cannot be deleted: ${runs} runs stand on it.`);
      const openings = await tx.testOpening.count({ where: { splitId } });
      if (openings > 0) {
        throw new AppError(
          'CONFLICT',
          `Split '${name}' cannot be deleted: its TEST was opened ${openings} times, and that stays on record.`,
        );
      }
      await tx.split.delete({ where: { id: splitId } });
    })
    .catch((error) =>
      rethrowInUse(error, `Split '${name}' cannot be deleted: a run was launched on it meanwhile.`),
    );
}

async function insertOrReuse(tx: Transaction, { row, patients }: PlannedSplit): Promise<Split> {
  const { datasetId, digest } = row;
  const known = await tx.split.findUnique({ where: { datasetId_digest: { datasetId, digest } } });
  if (known) return known;
  const split = await tx.split.create({ data: row });
  if (patients.length > 0) {
    const written = await tx.$executeRaw`
      insert into split_patient (split_id, patient_id, split_kind, dataset_id, subset)
      select ${split.id}::uuid, patient_id, ${split.kind}, ${datasetId}::uuid, subset
      from unnest(${patients.map(({ patientId }) => patientId)}::uuid[],
        ${patients.map(({ subset }) => subset)}::text[]) as new (patient_id, subset)`;
    invariant(written === patients.length, `split ${split.id} has ${written} of ${patients.length} patients`);
  }
  return split;
}
