/**
 * Takes over the runs that `neptune-exporter` wrote: an experiment a project, attributes as hyperparameters, what Neptune says of
 * the run itself as tags, every number of every series, texts and histograms, files. The parts themselves are kept with
 * the run, so that nothing of them is lost. Importing again adds what is new and doubles nothing.
 */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { readFileChunks } from '../artifacts/file-chunks.ts';
import { findImportedRun, labelOrigin, markImported } from '../external-run/import-origin.ts';
import { logHyperparameters } from '../external-run/logged-facts.ts';
import { logExternalMetrics } from '../external-run/logged-metrics.ts';
import { putRunFile } from '../external-run/run-files.ts';
import { setLabels } from '../external-run/run-labels.ts';
import { createMlflowExperiment, getMlflowExperimentByName } from '../mlflow/mlflow-experiments.ts';
import { createMlflowRun, setRunDeleted, updateMlflowRun } from '../mlflow/mlflow-runs.ts';
import { type ScopedStore, seeAll } from '../mlflow/mlflow-scope.ts';
import type { Store } from '../store.ts';
import { collectAttributes, type RunAttributes, toPoints } from './neptune-attributes.ts';
import { type ExportedRun, listExportedRuns, readRows } from './neptune-export.ts';

type NeptuneImport = {
  folder: string;
  /** Steps are fractions in Neptune and whole numbers here: by this they are multiplied. */
  stepMultiplier?: number;
  onRun?(name: string): void;
};

type ImportedRuns = { experiments: number; imported: number; unchanged: number; warnings: string[] };

const PART_TYPE = 'application/vnd.apache.parquet';
const UNKNOWN_TYPE = 'application/octet-stream';
/** Where what is not the run's own file is kept. */
const KEPT_FOLDER = 'neptune';

/** @throws AppError BAD_INPUT for what is no export; a run that cannot be read is told, and the others are taken over */
export async function importNeptuneRuns(
  store: Store,
  { folder, stepMultiplier = 1, onRun = () => {} }: NeptuneImport,
): Promise<ImportedRuns> {
  const counts: ImportedRuns = { experiments: 0, imported: 0, unchanged: 0, warnings: [] };
  const seen = seeAll(store);
  const projects = new Set<string>();
  for (const exported of await listExportedRuns(folder)) {
    try {
      const run = await collectAttributes(readRows(exported), stepMultiplier);
      projects.add(run.project);
      const isNew = await importRun(seen, { exported, run, stepMultiplier, warnings: counts.warnings });
      counts[isNew ? 'imported' : 'unchanged'] += 1;
      if (isNew) onRun(run.name);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      counts.warnings.push(`${path.basename(exported.parts[0] ?? '')} is not taken over: ${error.message}`);
    }
  }
  return { ...counts, experiments: projects.size };
}

type RunImport = { exported: ExportedRun; run: RunAttributes; stepMultiplier: number; warnings: string[] };

/** False when it stands as it did when it was taken over last. */
async function importRun(store: ScopedStore, request: RunImport): Promise<boolean> {
  const { exported, run, stepMultiplier, warnings } = request;
  const origin = `neptune:${run.project}#${run.id}`;
  const state = `${exported.state} x${stepMultiplier}`;
  const known = await findImportedRun(store, origin);
  if (known?.state === state) return false;
  if (known?.state && !known.state.endsWith(` x${stepMultiplier}`)) {
    throw new AppError(
      'CONFLICT',
      `Its steps were multiplied by another number than ${stepMultiplier} before.`,
    );
  }
  const runId =
    known?.runId ??
    (await createMlflowRun(store, {
      experimentId: await openExperiment(store, run.project),
      userId: run.owner ?? '',
      name: run.name,
      ...(run.startedAtMs === null ? {} : { startedAtMs: run.startedAtMs }),
      tags: [labelOrigin(origin)],
    }));
  await setLabels(store, { runId, labels: run.labels });
  await logHyperparameters(store, { runId, hyperparameters: run.hyperparameters });
  for await (const rows of readRows(exported)) {
    const points = toPoints(rows, stepMultiplier);
    for (let at = 0; at < points.length; at += POINTS_AT_ONCE) {
      await logExternalMetrics(store, { runId, points: points.slice(at, at + POINTS_AT_ONCE) });
    }
  }
  await importFiles(store, { runId, exported, run, warnings });
  await importEnd(store, { runId, run });
  await markImported(store, { runId, state });
  return true;
}

const POINTS_AT_ONCE = 5_000;

async function openExperiment(store: ScopedStore, name: string): Promise<string> {
  const known = await getMlflowExperimentByName(store, name).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return null;
    throw error;
  });
  if (known) return known.experimentId;
  return (await createMlflowExperiment(store, { name, artifactLocation: '', tags: [] })).experimentId;
}

/** A file that the export lacks is told. */
async function importFiles(
  store: ScopedStore,
  { runId, exported, run, warnings }: { runId: string } & Omit<RunImport, 'stepMultiplier'>,
): Promise<void> {
  for (const [at, part] of exported.parts.entries()) {
    const kept = `${KEPT_FOLDER}/part_${at}.parquet`;
    await putRunFile(store, { runId, path: kept, mediaType: PART_TYPE, source: readFileChunks(part) });
  }
  for (const [attribute, lines] of run.texts) {
    const source = Buffer.from(lines.join('\n'));
    const kept = `${KEPT_FOLDER}/${cleanPath(attribute)}.ndjson`;
    await putRunFile(store, { runId, path: kept, mediaType: 'application/x-ndjson', source });
  }
  for (const relative of run.files) {
    for (const file of await listFiles(exported.filesFolder, relative)) {
      const place = path.join(exported.filesFolder, file);
      const source = readFileChunks(place);
      await putRunFile(store, { runId, path: cleanPath(file), mediaType: UNKNOWN_TYPE, source });
    }
    if ((await listFiles(exported.filesFolder, relative)).length === 0) {
      warnings.push(`Run '${run.name}' lacks its file ${relative}: the export does not have it.`);
    }
  }
}

/** A file, or all in a folder, relative to the root; none for what is not there or leads out of it. */
async function listFiles(root: string, relative: string): Promise<string[]> {
  const place = path.resolve(root, relative);
  if (!place.startsWith(path.resolve(root) + path.sep)) return [];
  const found = await stat(place).catch(() => null);
  if (found?.isFile()) return [relative];
  if (!found?.isDirectory()) return [];
  const entries = await readdir(place, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)));
}

function cleanPath(name: string): string {
  return name
    .split(/[\\/]/)
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
}

async function importEnd(
  store: ScopedStore,
  { runId, run }: { runId: string; run: RunAttributes },
): Promise<void> {
  const { archivedAt } = await store.database.prisma.run.findUniqueOrThrow({ where: { id: runId } });
  if (archivedAt) await setRunDeleted(store, { runId, isDeleted: false });
  await updateMlflowRun(store, {
    runId,
    status: run.isFailed ? 'FAILED' : 'FINISHED',
    ...(run.endedAtMs === null ? {} : { endedAtMs: run.endedAtMs }),
  });
  if (run.isTrashed) await setRunDeleted(store, { runId, isDeleted: true });
}
