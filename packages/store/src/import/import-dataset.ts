/**
 * Imports a folder or zip of patches as one act: either a whole dataset is there afterwards, or no row of it. What was
 * stored of its pixels is for the caller to free (run-recorded-import.ts). A database that is away is waited for.
 *
 *   scan (list) → plan (names) → decode, hash, pack → save the catalogue in one transaction
 */
import { hash } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import type { Database } from '../database/database.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { describeNothing } from './describe-nothing.ts';
import type { SourceReading } from './facts/read-source.ts';
import { type ImportOptions, type ImportOptionsInput, parseImportOptions } from './import-options.ts';
import { createImportReport, type ImportReport } from './import-report.ts';
import { choosePatchSize } from './packing/choose-patch-size.ts';
import { type PackedPatches, type PackRequest, packPatches } from './packing/pack-patches.ts';
import { configureDecoder } from './pixels/decode-patch.ts';
import { describeFit } from './pixels/fit-patch.ts';
import { measureReach, type PlannedPatch } from './plan/planned-patch.ts';
import { readPlan } from './plan/read-plan.ts';
import { selectPatches } from './plan/select-patches.ts';
import { createProgressMeter, type ImportProgress, type ProgressMeter } from './progress-meter.ts';
import { printablePath, type Refuse } from './refusal.ts';
import { createRefusalLog, type RefusalLog } from './refusal-log.ts';
import { type SavedDataset, type SaveHooks, saveDataset } from './save/save-dataset.ts';
import { openPatchSource } from './source/open-patch-source.ts';
import type { PatchSource } from './source/patch-source.ts';

export type ImportRequest = ImportOptionsInput &
  SaveHooks & {
    database: Database;
    artifacts: ArtifactStore;
    /** Called at most four times a second, and at each change of phase. */
    onProgress?: (progress: ImportProgress) => void;
    signal?: AbortSignal;
  };

/** `reused`: these very files were imported before, and `datasetId` is that dataset. */
export type ImportOutcome = SavedDataset & { report: ImportReport };

type Running = {
  storing: Pick<ImportRequest, 'database' | 'artifacts' | 'beforeCommit' | 'afterRollback'>;
  options: ImportOptions;
  signal: AbortSignal;
  meter: ProgressMeter;
  refusalLog: RefusalLog;
  refuse: Refuse;
  changeLog: ChangeLog;
};

/**
 * Imports what lies at `path`. Files that are no patches are refused one by one and reported; the import goes
 * on without them as long as one patch of full size is left.
 * @throws AppError with a sentence: BAD_INPUT, NOT_FOUND, FORBIDDEN (the source), CONFLICT (the name), CANCELED,
 * UNAVAILABLE (no room for the shards)
 */
export async function importDataset(request: ImportRequest): Promise<ImportOutcome> {
  const { database, artifacts, onProgress = () => {}, signal: given, ...rest } = request;
  const { beforeCommit, afterRollback, ...input } = rest;
  const options = parseImportOptions(input);
  const { path } = options;
  const signal = given ?? new AbortController().signal;
  const refusalLog = createRefusalLog();
  const meter = createProgressMeter({ onProgress, now: () => performance.now() });
  const changeLog = createChangeLog();
  const storing = { database, artifacts, beforeCommit, afterRollback };
  const running = { storing, options, signal, meter, refusalLog, refuse: refusalLog.add, changeLog };
  configureDecoder();
  try {
    signal.throwIfAborted();
    const source = await openPatchSource(path);
    try {
      return await importFrom(running, source);
    } finally {
      await source.close();
    }
  } catch (error) {
    if (!signal.aborted || error instanceof AppError) throw error;
    // Aborted for a specific reason, which is then the one to report.
    if (signal.reason instanceof Error && signal.reason.name !== 'AbortError') throw signal.reason;
    throw new AppError(
      'CANCELED',
      `The import of ${printablePath(path)} was canceled; nothing of it was kept.`,
      {
        cause: error,
      },
    );
  }
}

async function importFrom(running: Running, source: PatchSource): Promise<ImportOutcome> {
  const plan = await scanAndPlan(running, source);
  try {
    return await importPlanned({ ...running, refuse: sayRows(running.refuse, plan.manifest) }, plan);
  } finally {
    await plan.close();
  }
}

/** What is wrong with a file that a manifest names is said with the row that names it. */
function sayRows(refuse: Refuse, manifest: SourceReading['manifest']): Refuse {
  if (!manifest) return refuse;
  return ({ path, code, reason }) =>
    refuse({ path, code, reason: [reason, manifest.sayRow(path) ?? ''].join(' ').trim() });
}

async function importPlanned(
  running: Running,
  plan: Awaited<ReturnType<typeof scanAndPlan>>,
): Promise<ImportOutcome> {
  const { storing, options, meter, refusalLog, changeLog, signal } = running;
  const { planned, leftOutCount, reaches, placesFrom, classes, task, unit, unitNotice } = plan;
  await refuseTakenName(running, planned.length);
  const patchSizePx = options.tiling?.tilePx ?? (await choosePatchSize(planned, options));
  const decodeStartedAtMs = performance.now();
  const packed = await packAll(running, { planned, classes, patchSizePx, reaches });
  const decodeSeconds = (performance.now() - decodeStartedAtMs) / 1000;
  if (!packed.channels) throw describeNothing(options, refusalLog, planned.length);
  const digest = [describeFit(options), plan.unitRule].reduce(addRule, packed.catalogue.finishDigest());
  meter.enter('saving', planned.length, refusalLog.count());
  const name = nameDataset(options, { leftOutCount, kept: packed.catalogue.patches.count });
  const { isNameChosen, projectId } = options;
  const described = { source: plan.source, unit, placesFrom, classes, task };
  const dataset = { name, isNameChosen, projectId, digest, patchSizePx, packed, ...described };
  const told = { refusals: refusalLog.listed(), refusedCount: refusalLog.count(), changeLog };
  const { database, beforeCommit, afterRollback } = storing;
  const wanted = { database, dataset: { ...dataset, ...told }, signal, beforeCommit, afterRollback };
  const saved = await outlastDatabaseFaults(() => saveDataset(wanted), signal);
  meter.enter('done', planned.length, refusalLog.count());
  const seconds = (performance.now() - plan.startedAtMs) / 1000;
  const facts = {
    digest,
    patchSizePx,
    placesFrom,
    unit,
    unitNotice,
    classes,
    task,
    leftOutCount,
    decodedFiles: planned.length,
    decodeSeconds,
    seconds,
  };
  return { ...saved, report: createImportReport({ packed, refusalLog, changeLog, ...facts }) };
}

async function scanAndPlan(running: Running, source: PatchSource) {
  const { options, meter, refuse, signal } = running;
  const startedAtMs = performance.now();
  meter.enter('scanning', 0, 0);
  const files = await source.scan({ refuse, signal });
  const { reading, plan, task, unitRule } = await readPlan({ source, files, options, refuse, signal });
  const { close } = reading;
  const { patches } = plan;
  if (patches.length === 0) {
    await close();
    throw describeNothing(options, running.refusalLog, files.length);
  }
  const { maxPatches, seed } = options;
  const planned = maxPatches === null ? patches : selectPatches(patches, { maxPatches, seed });
  const leftOutCount = countFiles(patches) - countFiles(planned);
  return {
    ...plan,
    planned,
    leftOutCount,
    reaches: measureReach(patches),
    task,
    unitRule,
    startedAtMs,
    manifest: reading.manifest,
    close,
  };
}

/** The same files by another rule are another dataset. */
function addRule(digest: string, rule: string | null): string {
  return rule === null ? digest : hash('sha256', `${digest}\t${rule}`);
}

function countFiles(patches: readonly PlannedPatch[]): number {
  return patches.reduce((sum, { copies }) => sum + 1 + copies.length, 0);
}

/** A chosen name that another dataset of the project has is refused before the work, unless this may be that dataset again. */
async function refuseTakenName({ storing, options, signal }: Running, plannedCount: number): Promise<void> {
  if (!options.isNameChosen) return;
  const look = () =>
    storing.database.pool.query<{ kept: number; refused: number }>(
      `select patch_count + strip_count as kept, refused_count as refused from dataset
       where name = $1 and project_id = $2`,
      [options.name, options.projectId],
    );
  const { rows } = await outlastDatabaseFaults(look, signal);
  const taken = rows[0];
  if (!taken || (taken.kept <= plannedCount && plannedCount <= taken.kept + taken.refused)) return;
  throw new AppError(
    'CONFLICT',
    `Another dataset is named "${options.name}". Choose another name for this one.`,
  );
}

async function packAll(
  { storing, options, meter, refuse, refusalLog, changeLog, signal }: Running,
  wanted: Pick<PackRequest, 'planned' | 'classes' | 'patchSizePx' | 'reaches'>,
): Promise<PackedPatches> {
  meter.enter('decoding', wanted.planned.length, refusalLog.count());
  const onFile = (filesDone: number) => meter.advance(filesDone, refusalLog.count());
  const { artifacts } = storing;
  const told = { refuse, onChange: changeLog.add, onFile };
  return packPatches({ ...wanted, ...told, fit: options, artifacts, signal });
}

/** A share of a source does not bear the name of the whole, unless the user says so. */
function nameDataset(
  { name, isNameChosen }: ImportOptions,
  { leftOutCount, kept }: { leftOutCount: number; kept: number },
): string {
  return isNameChosen || leftOutCount === 0 ? name : `${name} (${kept} patches)`;
}
