/**
 * The file of an external run that is its model. Once there is a version or an exam of it, it stays (a trigger holds it); before,
 * a replacement ends the check of the old one.
 */
import { AppError } from '@microtome/domain/app-error';
import { MODEL_FILE } from '@microtome/domain/model-check/model-check';
import type { Transaction } from '../database/database.ts';

/** CONFLICT where files at these paths are replaced or deleted of which there is a version or an exam. */
export async function loseModelFile(
  tx: Transaction,
  { runId, paths }: { runId: string; paths: readonly string[] },
): Promise<void> {
  if (!paths.includes(MODEL_FILE)) return;
  const [run] = await tx.$queryRaw<{ name: string; isInUse: boolean }[]>`
    select name, is_model_in_use(id) as "isInUse" from run where id = ${runId}::uuid for no key update`;
  if (run?.isInUse) {
    throw new AppError(
      'CONFLICT',
      `There is a version or an exam of run '${run.name}': its ${MODEL_FILE} stays as it is.`,
    );
  }
  await dropOpenCheck(tx, runId);
}

/** What is under way for a run's model is canceled: its file is gone, or asked about in another way. */
export async function dropOpenCheck(tx: Transaction, runId: string): Promise<void> {
  await tx.$executeRaw`
    update model_check set cancel_requested_at = now(), finished_at = case when status = 'QUEUED' then now() end,
      status = case when status = 'QUEUED' then 'CANCELED' else status end
    where run_id = ${runId}::uuid and status in ('QUEUED', 'RUNNING') and cancel_requested_at is null`;
}
