/** Naming, tagging, archiving and deleting runs. How their status changes is in run-lifecycle.ts. */
import { AppError } from '@microtome/domain/app-error';
import { isSettled } from '@microtome/domain/run/run-status';
import { checkTags, checkText } from '@microtome/domain/text-rules';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { Deletion, Run } from '../../generated/prisma/client.ts';
import { dropUnnamedArtifacts } from '../artifacts/free-artifacts.ts';
import { rethrowInUse } from '../database/database-errors.ts';
import { listFilesToFree, recordDeletion } from '../deletion/deletions.ts';
import type { Store } from '../store.ts';
import { lockRun } from './run-transitions.ts';

/** NOT_FOUND when there is none. */
export async function getRun(store: Store, runId: string): Promise<Run> {
  const run = await store.database.prisma.run.findUnique({ where: { id: runId } });
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  return run;
}

/** Those that are there, in no order. */
export async function listRuns(store: Store, runIds: readonly string[]): Promise<Run[]> {
  return store.database.prisma.run.findMany({ where: { id: { in: [...runIds] } } });
}

/** Run → what its dataset is split by, in one query. */
export async function listUnitsOfRuns(
  { database: { prisma } }: Store,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, SplittingUnit>> {
  const rows = await prisma.$queryRaw<{ runId: string; unit: SplittingUnit }[]>`
    select run.id::text as "runId", dataset.unit from run join dataset on dataset.id = run.dataset_id
    where run.id = any (${[...runIds]}::uuid[])`;
  return new Map(rows.map(({ runId, unit }) => [runId, unit]));
}

/** How many runs have which status; a status that no run has is left out. */
export async function countRuns(store: Store): Promise<{ status: Run['status']; count: number }[]> {
  const groups = await store.database.prisma.run.groupBy({ by: ['status'], _count: { _all: true } });
  return groups.map(({ status, _count }) => ({ status, count: _count._all }));
}

/** What is left out stays. */
export async function updateRun(
  store: Store,
  { runId, name, notes, tags }: { runId: string; name?: string; notes?: string; tags?: string[] },
): Promise<Run> {
  const data = {
    ...(name === undefined ? {} : { name: checkText(name, 'runName') }),
    ...(notes === undefined ? {} : { notes: checkText(notes, 'notes') }),
    ...(tags === undefined ? {} : { tags: checkTags(tags) }),
  };
  const [run] = await store.database.prisma.run.updateManyAndReturn({ where: { id: runId }, data });
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  return run;
}

/** Archives a run, or restores it. A run that is training goes on. */
export async function archiveRun(
  store: Store,
  { runId, archived }: { runId: string; archived: boolean },
): Promise<Run> {
  const [run] = await store.database.prisma.run.updateManyAndReturn({
    where: { id: runId },
    data: { archivedAt: archived ? new Date() : null },
  });
  if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
  return run;
}

/**
 * Deletes a settled run with everything of it; its files are freed in the background. That TEST was opened for it stays
 * on record with its split.
 * @throws AppError NOT_FOUND; CONFLICT while it is not settled or a model version depends on it
 */
export async function deleteRun(
  store: Store,
  runId: string,
  { requestedBy = '' }: { requestedBy?: string } = {},
): Promise<Deletion> {
  return store.database.prisma.$transaction(async (tx) => {
    const run = await lockRun(tx, runId);
    if (!run) throw new AppError('NOT_FOUND', `There is no run ${runId}.`);
    if (!isSettled(run.status)) {
      throw new AppError('CONFLICT', `Run '${run.name}' is ${run.status}: cancel it before deleting it.`);
    }
    const [files, kept, exams] = [
      await tx.runArtifact.findMany({ where: { runId }, select: { artifactHash: true } }),
      await tx.runFile.findMany({ where: { runId }, select: { artifactHash: true } }),
      await tx.externalEvaluation.findMany({ where: { runId }, select: { artifactHash: true } }),
    ];
    const { projectId } = await tx.experiment.findUniqueOrThrow({ where: { id: run.experimentId } });
    await tx.run
      .delete({ where: { id: runId } })
      .catch((error) =>
        rethrowInUse(error, `Run '${run.name}' cannot be deleted: a model version depends on it.`),
      );
    const dropped = await dropUnnamedArtifacts(
      tx,
      [...files, ...kept, ...exams].flatMap(({ artifactHash }) => artifactHash ?? []),
    );
    const bytesTotal = dropped.reduce((sum, { bytes }) => sum + bytes, 0n);
    const request = { kind: 'RUN' as const, subjectId: runId, projectId, name: run.name, requestedBy };
    const deletion = await recordDeletion(tx, { ...request, rowsTotal: 0, bytesTotal });
    await listFilesToFree(tx, deletion.id, dropped);
    return deletion;
  });
}
