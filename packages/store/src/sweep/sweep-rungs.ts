/**
 * The rungs of a halving after its first: made from the database, by any process that notices that a rung has settled.
 * Doing it twice, or in two processes at once, makes one rung: the count of rungs moves by a conditional update.
 */

import type { SweepMetric } from '@microtome/domain/metrics/metric';
import { getWorkerHyperparameters } from '@microtome/domain/run/run-hyperparameters';
import { chooseSurvivors } from '@microtome/domain/sweep/halving';
import { NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import { Prisma, type Run, type Sweep } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { insertRun } from '../run/run-launch.ts';
import { requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

/** Another rung is planned, and a run of the last one may go on in it. */
const RUNG_FOLLOWS = Prisma.sql`(
  strategy = 'HALVING' and canceled_at is null
  and rungs_made < coalesce(jsonb_array_length(definition -> 'rungs'), 0)
  and exists (select from run where sweep_id = sweep.id and sweep_rung = rungs_made - 1 and status = 'SUCCEEDED'))`;

/** Those of the sweeps of which no run waits or trains, and no rung is to follow. */
export async function listSettledSweeps(store: Store, sweepIds: readonly string[]): Promise<string[]> {
  const settled = await store.database.prisma.$queryRaw<{ id: string }[]>`
    select id::text from sweep
    where id = any(${[...sweepIds]}::uuid[]) and not (${RUNG_FOLLOWS})
      and not exists (select from run where sweep_id = sweep.id and status in ('QUEUED', 'RUNNING'))`;
  return settled.map(({ id }) => id);
}

/** Makes every rung that is due; gives the ids of the sweeps that went on. For a periodic call. */
export async function advanceSweeps(store: Store): Promise<string[]> {
  const due = await store.database.prisma.$queryRaw<{ id: string }[]>`
    select id::text from sweep
    where ${RUNG_FOLLOWS}
      and not exists (select from run where sweep_id = sweep.id and sweep_rung = rungs_made - 1
                      and status in ('QUEUED', 'RUNNING'))`;
  const advanced: string[] = [];
  for (const { id } of due) {
    const made = await store.database.prisma.$transaction((tx) => makeNextRung(tx, store, id));
    if (made > 0) advanced.push(id);
  }
  return advanced;
}

/** The number of runs that were launched; 0 when another process was faster, or nothing is due. */
async function makeNextRung(tx: Transaction, store: Store, sweepId: string): Promise<number> {
  await tx.$queryRaw`select from sweep where id = ${sweepId}::uuid for update`;
  // A statement of its own: it sees what was committed while the lock was waited for.
  const sweep = await tx.sweep.findUniqueOrThrow({ where: { id: sweepId } });
  const { rungs, metric } = sweep.definition;
  const rung = rungs[sweep.rungsMade];
  if (!rung || sweep.canceledAt) return 0;
  const runs = await listRankable(tx, { sweepId, rung: sweep.rungsMade - 1, metric });
  if (runs.some(({ status }) => status === 'QUEUED' || status === 'RUNNING')) return 0;
  const survivors = chooseSurvivors(runs, { metric, count: rung.runs });
  if (survivors.length === 0) return 0;
  await tx.sweep.update({ where: { id: sweepId }, data: { rungsMade: { increment: 1 } } });
  for (const { run } of survivors) {
    await insertRun(tx, store, {
      ...continueSurvivor(run, { sweep, epochs: rung.epochs }),
      createdBy: sweep.createdBy,
    });
  }
  return survivors.length;
}

export type RankableRun = { run: Run; rung: number; place: number; status: string; value: number | null };

/** The runs of one rung (of all when left out) with the metric of their evaluation on VALIDATION. */
export async function listRankable(
  tx: Transaction,
  { sweepId, rung, metric }: { sweepId: string; rung?: number; metric: SweepMetric },
): Promise<RankableRun[]> {
  const runs = await tx.run.findMany({
    where: { sweepId, ...(rung === undefined ? {} : { sweepRung: rung }) },
    include: { evaluations: { where: { subset: 'VALIDATION' } } },
    orderBy: [{ sweepRung: 'asc' }, { sweepPlace: 'asc' }],
  });
  return runs.map(({ evaluations, ...run }) => {
    return {
      run,
      rung: run.sweepRung ?? 0,
      place: run.sweepPlace ?? 0,
      status: run.status,
      value: evaluations[0]?.metrics[metric] ?? null,
    };
  });
}

/** The same setting for more epochs, from its first weights on. */
function continueSurvivor(survivor: Run, { sweep, epochs }: { sweep: Sweep; epochs: number }) {
  const run = requireSplit(survivor);
  const { experimentId, datasetId, splitId, splitKind, tags, architecture, seed, parameters } = run;
  const hyperparameters = { ...getWorkerHyperparameters(run), epochs };
  const ownName = run.name.startsWith(`${sweep.name}: `) ? run.name.slice(sweep.name.length + 2) : run.name;
  const label = ownName.replace(/^rung \d+, /, '');
  return {
    experimentId,
    datasetId,
    splitId,
    splitKind,
    tags,
    architecture,
    seed,
    parameters,
    multiplyAdds: run.multiplyAdds ?? 0n,
    sweepId: sweep.id,
    sweepRung: sweep.rungsMade,
    sweepPlace: run.sweepPlace,
    name: `${sweep.name}: rung ${sweep.rungsMade + 1}, ${label}`.slice(0, NAME_LENGTH_MAX),
    hyperparameters,
    requestedBackend: run.requestedBackend,
    priority: run.priority,
  };
}
