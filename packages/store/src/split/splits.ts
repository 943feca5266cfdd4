/** Splits as rows: finding them, and deleting those that nothing depends on. */
import { AppError } from '@microtome/domain/app-error';
import type { Split } from '../../generated/prisma/client.ts';
import { rethrowInUse } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

/** NOT_FOUND when there is none. */
export async function getSplit(store: Store, splitId: string): Promise<Split> {
  const split = await store.database.prisma.split.findUnique({ where: { id: splitId } });
  if (!split) throw new AppError('NOT_FOUND', `There is no split ${splitId}.`);
  return split;
}

/**
 * Deletes a split that nothing depends on.
 * @throws AppError NOT_FOUND; CONFLICT while runs depend on it, or when its TEST was opened for a run since deleted
 */
export async function deleteSplit(store: Store, splitId: string): Promise<void> {
  const { name } = await getSplit(store, splitId);
  await store.database.prisma
    .$transaction(async (tx) => {
      const runs = await tx.run.count({ where: { splitId } });
      if (runs > 0)
        throw new AppError('CONFLICT', `Split '${name}' cannot be deleted: ${runs} runs depend on it.`);
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
