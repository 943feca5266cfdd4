/** How a run comes to be: checked, completed and counted, then written together with its first event and its job. */

import { AppError } from '@microtome/domain/app-error';
import { describeArchitecture } from '@microtome/domain/network/architectures';
import { AUTO_BACKEND, parseBackendRequest } from '@microtome/domain/run/backends';
import { type Hyperparameters, parseHyperparameters } from '@microtome/domain/run/hyperparameters';
import { requestBackend } from '@microtome/domain/run/precision';
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import { countSides } from '@microtome/domain/task/task';
import { checkTags, checkText } from '@microtome/domain/text-rules';
import type { Prisma, Run, Split, Task } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { getExperiment } from '../experiment/experiments.ts';
import { getSplit } from '../split/splits.ts';
import type { Store } from '../store.ts';
import { insertRunEvent } from './run-events.ts';
import { enqueueRun } from './run-transitions.ts';

const PRIORITY_MAX = 1000;
const CLASS_COUNTS = {
  TRAIN: 'trainClassCounts',
  VALIDATION: 'validationClassCounts',
  TEST: 'testClassCounts',
} as const satisfies Record<Subset, keyof Split>;

export type LaunchRequest = {
  experimentId: string;
  splitId: string;
  /** As typed by a user: only what differs from the defaults. */
  hyperparameters: unknown;
  /** Made from architecture and seed when left out. */
  name?: string;
  notes?: string;
  tags?: string[];
  /** `auto`, or the one backend to train on. */
  backend?: string;
  /** Larger comes first. */
  priority?: number;
  /** The account that launches it; null without sign-in. */
  createdBy?: string | null;
};

/** What a run stands on, once it is known to be there. */
export type LaunchTarget = {
  experiment: Pick<
    Awaited<ReturnType<typeof getExperiment>>,
    'id' | 'name' | 'datasetId' | 'dataset' | 'task'
  >;
  split: Pick<Split, 'id' | 'name' | 'kind' | 'datasetId' | (typeof CLASS_COUNTS)[Subset]>;
};

export type PreparedRun = Prisma.RunUncheckedCreateInput & {
  datasetId: string;
  splitId: string;
  hyperparameters: Hyperparameters;
  multiplyAdds: bigint;
};

/**
 * Checks a request and fills in what it leaves out.
 * @throws AppError BAD_INPUT that names what is wrong, NOT_FOUND for experiment or split
 */
export async function prepareRun(store: Store, request: LaunchRequest): Promise<PreparedRun> {
  const experiment = await getExperiment(store, request.experimentId);
  const split = await getSplit(store, request.splitId);
  return completeRun(request, { experiment, split });
}

/** The same without a look at the database. BAD_INPUT that names what is wrong. */
export function completeRun(
  request: Omit<LaunchRequest, 'experimentId' | 'splitId'>,
  { experiment, split }: LaunchTarget,
): PreparedRun {
  const hyperparameters = parseHyperparameters(request.hyperparameters);
  const { architecture, width, dropoutRate, seed } = hyperparameters;
  const requestedBackend = requestBackend(
    hyperparameters.precision,
    parseBackendRequest(request.backend ?? AUTO_BACKEND),
  );
  if (split.datasetId !== experiment.datasetId) {
    throw new AppError(
      'BAD_INPUT',
      `Split '${split.name}' and experiment '${experiment.name}' are of different datasets.`,
    );
  }
  checkBothSides(split, experiment.task);
  const { patchSizePx } = experiment.dataset;
  const network = describeArchitecture({ architecture, width, dropoutRate, patchSizePx });
  return {
    experimentId: experiment.id,
    datasetId: experiment.datasetId,
    splitId: split.id,
    splitKind: split.kind,
    name: checkText(request.name ?? `${architecture}, seed ${seed}`, 'runName'),
    notes: checkText(request.notes ?? '', 'notes'),
    tags: checkTags(request.tags ?? []),
    architecture,
    hyperparameters,
    seed: BigInt(seed),
    requestedBackend,
    priority: checkPriority(request.priority ?? 0),
    createdBy: request.createdBy ?? null,
    parameters: network.parameters,
    multiplyAdds: BigInt(network.multiplyAdds),
  };
}

/** Writes run, first event and job within the caller's transaction. */
export async function insertRun(tx: Transaction, store: Store, prepared: PreparedRun): Promise<Run> {
  const run = await tx.run.create({ data: prepared });
  await insertRunEvent(tx, { runId: run.id, attempt: 0, kind: 'STATUS', payload: { status: 'QUEUED' } });
  await enqueueRun(tx, store, run);
  return { ...run, lastSeq: run.lastSeq + 1 };
}

/** A run needs both sides of its task everywhere: to learn from, to choose its threshold on and to be measured on. */
function checkBothSides(split: LaunchTarget['split'], task: Task): void {
  for (const subset of SUBSETS) {
    const counts = countSides(task.sides, split[CLASS_COUNTS[subset]]);
    if (counts.positives > 0 && counts.negatives > 0) continue;
    const missing = counts.positives === 0 ? 'positive' : 'negative';
    throw new AppError(
      'BAD_INPUT',
      `${subset} of split '${split.name}' has no patches of a ${missing} class of task '${task.name}'. ` +
        'Take another split, or another task.',
    );
  }
}

function checkPriority(priority: number): number {
  if (Number.isInteger(priority) && Math.abs(priority) <= PRIORITY_MAX) return priority;
  const range = `${-PRIORITY_MAX} to ${PRIORITY_MAX}`;
  throw new AppError('BAD_INPUT', `Priority is ${priority}: it must be a whole number from ${range}.`);
}
