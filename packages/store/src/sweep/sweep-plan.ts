/** From a request to a sweep's splits and runs, all checked before anything is written. */
import { AppError } from '@microtome/domain/app-error';
import { type ExpandedSweep, expandSweep, type SweepRequest } from '@microtome/domain/sweep/sweep';
import type { SweepDefinition } from '@microtome/domain/sweep/sweep-definition';
import { checkText, NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import type { Split } from '../../generated/prisma/client.ts';
import { getDataset } from '../dataset/datasets.ts';
import { getExperiment } from '../experiment/experiments.ts';
import { completeRun, type LaunchTarget, type PreparedRun } from '../run/run-launch.ts';
import { planSplits } from '../split/split-plan.ts';
import type { PlannedSplit } from '../split/split-rows.ts';
import { getSplit } from '../split/splits.ts';
import type { Store } from '../store.ts';
import { getFirstTask } from '../task/tasks.ts';

export type SweepLaunch = Omit<SweepRequest, 'splitDigests'> & {
  experimentId: string;
  /** Its runs are named after it and after what differs. */
  name: string;
  /** Left out for FOLDS when `folds` is given. */
  splitIds?: string[];
  /** FOLDS: makes, or finds, the splits of a cross-validation with so many folds. */
  folds?: number;
  /** Of every run. */
  backend?: string;
  priority?: number;
  tags?: string[];
  /** The account that launches it; null without sign-in. */
  createdBy?: string | null;
};

export type SweepPlan = ExpandedSweep & {
  name: string;
  experiment: LaunchTarget['experiment'];
  /** Those that are there; of a cross-validation those to be made or found. */
  splits: { known: Split[] } | { planned: PlannedSplit[] };
  /** What is kept of the request, its splits left out. */
  definition: Omit<SweepDefinition, 'splitIds'>;
  /** The runs to launch at once, once the splits have ids. */
  prepareRuns(splits: SplitRows): PreparedRun[];
};

/** Planned within an experiment, or within one that is still to be made on a dataset. */
type WantedSweep = Omit<SweepLaunch, 'experimentId'> &
  ({ experimentId: string; datasetId?: undefined } | { experimentId?: undefined; datasetId: string });

/** @throws AppError BAD_INPUT when any of the runs would be refused, NOT_FOUND for experiment or split */
export async function planSweep(store: Store, wanted: WantedSweep): Promise<SweepPlan> {
  const { experimentId, datasetId: _, splitIds, folds, ...launch } = wanted;
  const { name: typedName, backend, priority, tags, ...request } = launch;
  const name = checkText(typedName, 'sweepName');
  const experiment = experimentId
    ? await getExperiment(store, experimentId)
    : await imagineExperiment(store, wanted.datasetId ?? '');
  const splits = await findSplits(store, { launch: wanted, datasetId: experiment.dataset.id });
  const rows = listSplitRows(splits);
  const expanded = expandSweep({ ...request, splitDigests: rows.map(({ digest }) => digest) });
  const shared = { backend, priority, tags };
  const prepareRuns = (made: SplitRows) =>
    expanded.runs.map(({ splitDigest, label, hyperparameters, place }) => {
      const runName = `${name}: ${label}`.slice(0, NAME_LENGTH_MAX);
      const split = made.find((one) => one.digest === splitDigest)!;
      const run = completeRun({ ...shared, hyperparameters, name: runName }, { experiment, split });
      return { ...run, sweepRung: 0, sweepPlace: place };
    });
  prepareRuns(rows.map((row) => ({ ...row, id: '' })));
  const definition = JSON.parse(
    JSON.stringify({ ...request, metric: expanded.metric, rungs: expanded.rungs }),
  );
  return { ...expanded, name, experiment, splits, definition, prepareRuns };
}

/** What is known of a split before it is made. */
type SplitRow = Omit<SplitRows[number], 'id'> & Pick<Split, 'trainPatches'>;

/** The splits of a plan as rows; those that are to be made have no id yet. */
export function listSplitRows(splits: SweepPlan['splits']): SplitRow[] {
  return 'known' in splits ? splits.known : splits.planned.map(({ row }) => row);
}

type SplitRows = readonly (LaunchTarget['split'] & { digest: string })[];

async function imagineExperiment(store: Store, datasetId: string): Promise<LaunchTarget['experiment']> {
  const dataset = await getDataset(store, datasetId);
  return { id: '', name: 'new', datasetId, dataset, task: await getFirstTask(store, datasetId) };
}

async function findSplits(
  store: Store,
  { launch, datasetId }: { launch: Omit<SweepLaunch, 'experimentId'>; datasetId: string },
): Promise<SweepPlan['splits']> {
  const { strategy, folds, splitIds = [] } = launch;
  if (folds !== undefined) {
    if (strategy !== 'FOLDS') throw new AppError('BAD_INPUT', `${strategy} takes no folds.`);
    if (splitIds.length > 0)
      throw new AppError('BAD_INPUT', 'FOLDS takes the number of folds or their splits, not both.');
    return { planned: await planSplits(store, { datasetId, strategy: 'K_FOLD', folds }) };
  }
  const known: Split[] = [];
  for (const splitId of splitIds) known.push(await getSplit(store, splitId));
  if (strategy === 'FOLDS') checkFolds(known);
  return { known };
}

/** The predictions of the folds' TEST can be pooled only when each patient is in exactly one of them. */
function checkFolds(splits: readonly Split[]): void {
  const [first] = splits;
  const stranger = splits.find(
    ({ strategy, fold, folds }) => fold === null || strategy !== first?.strategy || folds !== first.folds,
  );
  if (stranger) {
    throw new AppError(
      'BAD_INPUT',
      `Split '${stranger.name}' is no fold of a cross-validation: give the number of folds, or all splits of one K_FOLD, PRESERVED_SITES or BY_SITE.`,
    );
  }
  const folds = new Set(splits.filter((split) => split.folds === first?.folds).map(({ fold }) => fold));
  if (first && (folds.size !== first.folds || splits.length !== first.folds)) {
    throw new AppError(
      'BAD_INPUT',
      `A cross-validation takes each of the ${first.folds} folds once: ${folds.size} of them are among ${splits.length} splits.`,
    );
  }
}
