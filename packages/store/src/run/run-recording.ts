/**
 * What a worker records while it trains: its backend, each epoch, current progress, log lines. Everything is
 * fenced: an attempt that lost the run writes nothing, and is told so.
 */
import type { BackendName } from '@microtome/domain/run/backends';
import { CHECKPOINTS_KEPT } from '@microtome/domain/run/kept-checkpoints';
import { LOG_LINE_LENGTH_MAX } from '@microtome/domain/run/run-event';
import { Prisma } from '../../generated/prisma/client.ts';
import type { ArtifactRef } from '../artifacts/artifacts.ts';
import {
  type DroppedArtifact,
  deleteDroppedFiles,
  dropUnnamedArtifacts,
} from '../artifacts/free-artifacts.ts';
import type { RunPhase } from '../database/column-words.ts';
import type { Transaction } from '../database/database.ts';
import type { Store } from '../store.ts';
import { insertMetrics } from './metrics.ts';
import { linkRunArtifact } from './run-artifacts.ts';
import { insertRunEvent } from './run-events.ts';
import { type AttemptKey, lockAttempt } from './run-transitions.ts';

type BackendReport = AttemptKey & {
  backend: BackendName;
  device: string;
  versions: Record<string, string>;
};

type EpochReport = AttemptKey & {
  /** From 1; each epoch is recorded once, in order. */
  epoch: number;
  /** Optimizer steps so far. */
  step: number;
  /** A metric without a value (one class only) is left out or null. */
  metrics: Record<string, number | null>;
  /** Null when it is not kept any more: the epoch is one of a result that was brought here whole. */
  checkpoint: ArtifactRef | null;
  /** Whether the monitored metric was never better. */
  best: boolean;
  trainPatchesPerSecond?: number;
  peakMemoryBytes?: number;
};

type ProgressReport = AttemptKey & {
  phase: RunPhase;
  epoch: number;
  epochs: number;
  batch: number;
  batches: number;
  patchesPerSecond: number | null;
  secondsLeft: number | null;
  loss: number | null;
  /** Why there is no progress at the moment, as a sentence. */
  waitingFor: string | null;
};

/** Says whether the attempt still holds the run. */
export async function recordBackend(
  store: Store,
  { runId, attempt, backend, device, versions }: BackendReport,
): Promise<boolean> {
  const { count } = await store.database.prisma.run.updateMany({
    where: { id: runId, attempt, status: 'RUNNING' },
    data: { backend, device, versions },
  });
  return count === 1;
}

/**
 * Metric rows, event, epoch count and checkpoint in one transaction. False, and nothing is written, when the attempt
 * was fenced. An epoch that was recorded before was computed again because its checkpoint was damaged: only the
 * checkpoint is replaced, so no epoch appears twice.
 */
export async function recordEpoch(store: Store, report: EpochReport): Promise<boolean> {
  const { runId, attempt, epoch, step, best } = report;
  const dropped = await store.database.prisma.$transaction(async (tx) => {
    const run = await lockAttempt(tx, report);
    if (!run || epoch > run.epochsDone + 1) return null;
    if (epoch <= run.epochsDone) return linkCheckpoint(tx, report);
    const { trainPatchesPerSecond, peakMemoryBytes } = report;
    await tx.run.update({
      where: { id: runId },
      data: {
        epochsDone: epoch,
        emptyAttempts: 0,
        ...(best ? { bestEpoch: epoch } : {}),
        ...(trainPatchesPerSecond === undefined ? {} : { trainPatchesPerSecond }),
        ...(peakMemoryBytes === undefined ? {} : { peakMemoryBytes: BigInt(Math.round(peakMemoryBytes)) }),
      },
    });
    await tx.runAttempt.update({
      where: { runId_number: { runId, number: attempt } },
      data: { epochsAdded: { increment: 1 } },
    });
    const values = Object.entries(report.metrics).flatMap(([name, value]) =>
      value === null ? [] : [{ name, epoch, step, value }],
    );
    await insertMetrics(tx, { runId, owner: 'WORKER', metrics: values });
    await insertRunEvent(tx, { runId, attempt, kind: 'EPOCH', payload: { epoch, step, best } });
    return linkCheckpoint(tx, report);
  });
  if (dropped) await deleteDroppedFiles(store, dropped);
  return dropped !== null;
}

/** Gives the checkpoints that it replaced and that are free now: a long run needs no more disk than a short one. */
async function linkCheckpoint(
  tx: Transaction,
  { runId, epoch, best, checkpoint }: EpochReport,
): Promise<DroppedArtifact[]> {
  if (!checkpoint) return [];
  const roles = [`CHECKPOINT_${epoch}`, ...(best ? ['CHECKPOINT_BEST'] : [])];
  const oneTooMany = `CHECKPOINT_${epoch - CHECKPOINTS_KEPT}`;
  const replaced = await tx.runArtifact.findMany({
    where: { runId, role: { in: [...roles, oneTooMany] } },
    select: { artifactHash: true },
  });
  for (const role of roles) await linkRunArtifact(tx, { runId, role, artifact: checkpoint });
  await tx.runArtifact.deleteMany({ where: { runId, role: oneTooMany } });
  return dropUnnamedArtifacts(
    tx,
    replaced.map(({ artifactHash }) => artifactHash),
  );
}

/** Replaces the run's current progress and notifies. Says whether the attempt still holds the run. */
export async function setProgress(store: Store, report: ProgressReport): Promise<boolean> {
  const { runId, attempt, phase, epoch, epochs, batch, batches, waitingFor } = report;
  const [patchesPerSecond, secondsLeft, loss] = [
    report.patchesPerSecond,
    report.secondsLeft,
    report.loss,
  ].map(finite);
  const count = await store.database.prisma.$executeRaw(Prisma.sql`
    insert into run_progress as progress
      (run_id, attempt, phase, epoch, epochs, batch, batches, patches_per_second, seconds_left, loss, waiting_for, at)
    select id, attempt, ${phase}, ${epoch}, ${epochs}, ${batch}, ${batches}, ${patchesPerSecond}::float8,
      ${secondsLeft}::float8, ${loss}::float8, ${waitingFor}, clock_timestamp()
    from run where id = ${runId}::uuid and status = 'RUNNING' and attempt = ${attempt}
    on conflict (run_id) do update set attempt = excluded.attempt, phase = excluded.phase, epoch = excluded.epoch,
      epochs = excluded.epochs, batch = excluded.batch, batches = excluded.batches,
      patches_per_second = excluded.patches_per_second, seconds_left = excluded.seconds_left,
      loss = excluded.loss, waiting_for = excluded.waiting_for, at = excluded.at`);
  return count === 1;
}

/** Adds a line to the run's log. Says whether the attempt still holds the run. */
export async function recordLog(
  store: Store,
  { runId, attempt, line }: AttemptKey & { line: string },
): Promise<boolean> {
  return store.database.prisma.$transaction(async (tx) => {
    if (!(await lockAttempt(tx, { runId, attempt }))) return false;
    const payload = { line: line.slice(0, LOG_LINE_LENGTH_MAX) };
    await insertRunEvent(tx, { runId, attempt, kind: 'LOG', payload });
    return true;
  });
}

/** A loss that is not a number is left out: neither JSON nor charts can hold it. */
function finite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}
