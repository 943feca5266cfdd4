/**
 * Takes over the runs of another MLflow tracking server: experiments with their tags, runs with parameters, tags, every number,
 * data sets and files. A run is known by where it came from, so that importing again adds what is new and doubles nothing.
 */
import { hash } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import { toTextByKey } from '@microtome/domain/mlflow/entry-rules';
import {
  MLFLOW_RUN_STATUSES,
  PROJECT_TAG,
  RUN_NAME_TAG,
  SPLIT_TAG,
} from '@microtome/domain/mlflow/mlflow-words';
import { findImportedRun, labelOrigin, markImported } from '../external-run/import-origin.ts';
import { logExternalMetrics } from '../external-run/logged-metrics.ts';
import { getRunFile, putRunFile } from '../external-run/run-files.ts';
import { setLabels } from '../external-run/run-labels.ts';
import {
  createMlflowExperiment,
  getMlflowExperimentByName,
  setExperimentTag,
} from '../mlflow/mlflow-experiments.ts';
import { createMlflowRun, logRunParams, setRunDeleted, updateMlflowRun } from '../mlflow/mlflow-runs.ts';
import { type ScopedStore, seeAll } from '../mlflow/mlflow-scope.ts';
import { logRunInputs } from '../mlflow/run-inputs.ts';
import type { Store } from '../store.ts';
import { openTracker, type TrackedExperiment, type TrackedRun, type Tracker } from './tracker-client.ts';

type ImportedRuns = { experiments: number; imported: number; unchanged: number; warnings: string[] };

type MlflowImport = {
  address: string;
  /**
   * Reads every number and file of runs that had ended too. The other server tells of neither how many numbers a series has nor what
   * is in a file: without this, a number behind the newest of its series and another file of the same size are not seen there.
   */
  rechecks?: boolean;
  onRun?(name: string): void;
};

/**
 * @throws AppError BAD_INPUT for what is no tracking server, UNAVAILABLE when it does not answer; what was taken over until
 * then stays, and importing again goes on from there
 */
export async function importMlflowRuns(
  store: Store,
  { address, rechecks = false, onRun = () => {} }: MlflowImport,
): Promise<ImportedRuns> {
  const tracker = openTracker(address);
  const seen = seeAll(store);
  const counts: ImportedRuns = { experiments: 0, imported: 0, unchanged: 0, warnings: [] };
  for await (const experiment of tracker.listExperiments()) {
    const experimentId = await openExperiment(seen, experiment);
    counts.experiments += 1;
    for await (const run of tracker.listRuns(experiment.experiment_id)) {
      const isNew = await importRun(seen, {
        tracker,
        experimentId,
        run,
        rechecks,
        warnings: counts.warnings,
      });
      counts[isNew ? 'imported' : 'unchanged'] += 1;
      if (isNew) onRun(run.info.run_name || run.info.run_id);
    }
  }
  return counts;
}

/** The one of this name, with the tags that it has there. */
async function openExperiment(store: ScopedStore, { name, tags: all }: TrackedExperiment): Promise<string> {
  // There it may stand in another project.
  const tags = all.filter(({ key }) => key !== PROJECT_TAG);
  const known = await getMlflowExperimentByName(store, name).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  if (!known) return (await createMlflowExperiment(store, { name, artifactLocation: '', tags })).experimentId;
  if (!known.deletedAt) {
    for (const tag of tags) await setExperimentTag(store, { experimentId: known.experimentId, tag });
  }
  return known.experimentId;
}

type RunImport = {
  tracker: Tracker;
  experimentId: string;
  run: TrackedRun;
  rechecks: boolean;
  warnings: string[];
};
/** What of a run that is here by now. */
type PartImport = Omit<RunImport, 'experimentId'> & { runId: string };

/** False when nothing of it is new since it was taken over last. */
async function importRun(store: ScopedStore, { experimentId, ...given }: RunImport): Promise<boolean> {
  const { tracker, run, rechecks } = given;
  const { info, data } = run;
  const origin = `${tracker.url}#${info.run_id}`;
  const state = describeState(run);
  const known = await findImportedRun(store, origin);
  if (known && known.state === state && info.status !== 'RUNNING') {
    const part = { ...given, runId: known.runId };
    const hasNewNumbers = rechecks && (await importNumbers(store, part));
    return (await importFiles(store, part)) || hasNewNumbers;
  }
  const tags = data.tags.filter(({ key }) => key !== SPLIT_TAG && key !== RUN_NAME_TAG);
  const runId =
    known?.runId ??
    (await createMlflowRun(store, {
      experimentId,
      userId: info.user_id,
      name: info.run_name,
      startedAtMs: info.start_time,
      tags: [labelOrigin(origin)],
    }));
  await setLabels(store, { runId, labels: toTextByKey(tags) });
  await logRunParams(store, { runId, params: data.params });
  await importNumbers(store, { ...given, runId });
  await importDatasets(store, { runId, run });
  await importFiles(store, { ...given, runId });
  await importEnd(store, { runId, run });
  await markImported(store, { runId, state });
  return true;
}

/**
 * All that the other server tells of it in one answer. Its clients may record into a run that has ended, so that status and end alone
 * would not show it.
 */
function describeState({ info, data, inputs }: TrackedRun): string {
  const told = [
    data.metrics.map(({ key, value, step, timestamp }) => `${key} ${value} ${step} ${timestamp}`).sort(),
    [...data.params, ...data.tags].map(({ key, value }) => `${key} ${value}`).sort(),
    inputs.dataset_inputs.map(({ dataset }) => `${dataset.name} ${dataset.digest}`).sort(),
  ];
  const digest = hash('sha256', JSON.stringify(told));
  return `${info.status} ${info.end_time ?? ''} ${info.lifecycle_stage} ${digest}`;
}

/** A number that is there already is the same number. Whether any is new. */
async function importNumbers(store: Store, { tracker, runId, run }: PartImport): Promise<boolean> {
  const before = await countPoints(store, runId);
  for (const { key: name } of run.data.metrics) {
    for await (const batch of tracker.readHistory(run.info.run_id, name)) {
      const points = batch.map(({ value, step, timestamp }) => ({ name, value, step, atMs: timestamp }));
      if (points.length > 0) await logExternalMetrics(store, { runId, points });
    }
  }
  return (await countPoints(store, runId)) > before;
}

async function countPoints({ database }: Store, runId: string): Promise<number> {
  const { _sum: sum } = await database.prisma.metricSummary.aggregate({
    where: { runId },
    _sum: { pointCount: true },
  });
  return sum.pointCount ?? 0;
}

async function importDatasets(
  store: Store,
  { runId, run }: { runId: string; run: TrackedRun },
): Promise<void> {
  const datasets = run.inputs.dataset_inputs.map(({ tags, dataset }) => ({
    name: dataset.name,
    digest: dataset.digest,
    sourceType: dataset.source_type,
    source: dataset.source,
    schema: dataset.schema ?? null,
    profile: dataset.profile ?? null,
    tags: tags.map(({ key, value }) => ({ key, value })),
  }));
  if (datasets.length === 0) return;
  const { archivedAt } = await store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  if (!archivedAt) await logRunInputs(store, { runId, datasets, models: [] });
}

/** A file that the server cannot give is told, and the rest is taken over. Whether any of them is new. */
async function importFiles(store: Store, importing: PartImport): Promise<boolean> {
  const { tracker, runId, run, rechecks, warnings } = importing;
  let hasNew = false;
  try {
    for await (const { path, bytes } of tracker.listFiles(run.info.run_id)) {
      const known = await findFile(store, { runId, path });
      if (!rechecks && bytes !== null && known?.bytes === bytes) continue;
      const { mediaType, source } = await tracker.openFile(run.info.run_id, path);
      const { artifactHash } = await putRunFile(store, { runId, path, mediaType, source });
      if (artifactHash !== known?.hash) hasNew = true;
    }
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    warnings.push(`Files of run ${run.info.run_id} are missing: ${error.message}`);
  }
  return hasNew;
}

async function findFile(store: Store, key: { runId: string; path: string }) {
  const known = await getRunFile(store, key).catch(() => null);
  return known && { hash: known.artifactHash, bytes: Number(known.artifact.bytes) };
}

async function importEnd(store: Store, { runId, run }: { runId: string; run: TrackedRun }): Promise<void> {
  const { status: given, end_time: endedAtMs, lifecycle_stage: stage } = run.info;
  const status = MLFLOW_RUN_STATUSES.find((known) => known === given);
  const { archivedAt } = await store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  if (archivedAt) await setRunDeleted(store, { runId, isDeleted: false });
  await updateMlflowRun(store, {
    runId,
    ...(status ? { status } : {}),
    ...(endedAtMs === undefined ? {} : { endedAtMs }),
  });
  if (stage === 'deleted') await setRunDeleted(store, { runId, isDeleted: true });
}
