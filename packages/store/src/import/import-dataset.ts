/**
 * Imports a folder or zip of patches as one act: either a whole dataset is there afterwards, or no row of it. What was
 * stored of its pixels is for the caller to free (run-recorded-import.ts). A database that is away is waited for.
 *
 *   scan (list) → plan (names) → decode, hash, pack → save the catalogue in one transaction
 */
import { hash } from 'node:crypto';
import { AppError } from '@microtome/domain/app-error';
import { proposeTask } from '@microtome/domain/task/propose-task';
import type { ArtifactStore } from '../artifacts/artifacts.ts';
import type { Database } from '../database/database.ts';
import { outlastDatabaseFaults } from '../database/database-faults.ts';
import { type ChangeLog, createChangeLog } from './change-log.ts';
import { chooseSource, findLayout, readSource } from './facts/read-source.ts';
import {
  type ImportOptions,
  type ImportOptionsInput,
  nameSource,
  parseImportOptions,
} from './import-options.ts';
import { createImportReport, type ImportReport } from './import-report.ts';
import { choosePatchSize } from './packing/choose-patch-size.ts';
import { type PackedPatches, type PackRequest, packPatches } from './packing/pack-patches.ts';
import { configureDecoder } from './pixels/decode-patch.ts';
import { describeFit } from './pixels/fit-patch.ts';
import { planImport } from './plan/import-plan.ts';
import { planSource } from './plan/plan-source.ts';
import { measureReach, type PlannedPatch } from './plan/planned-patch.ts';
import { selectPatches } from './plan/select-patches.ts';
import { createProgressMeter, type ImportProgress, type ProgressMeter } from './progress-meter.ts';
import { printablePath, type Refuse } from './refusal.ts';
import { createRefusalLog, type RefusalLog } from './refusal-log.ts';
import { type SavedDataset, type SaveHooks, saveDataset } from './save/save-dataset.ts';
import { openPatchSource } from './source/open-patch-source.ts';
import type { PatchSource } from './source/patch-source.ts';

const LAYOUT = 'PATIENT/CLASS/PATIENT_idx5_xX_yY_classC.png';

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
  request: ImportRequest;
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
  const { path, name, maxPatches, seed, positive, onProgress = () => {} } = request;
  const { layout, manifest, map, patientsOf, magnification, otherSizes, notSquare } = request;
  const chosen = { layout, manifest, map, patientsOf, magnification, otherSizes, notSquare };
  const options = parseImportOptions({ path, name, maxPatches, seed, positive, ...chosen });
  const signal = request.signal ?? new AbortController().signal;
  const refusalLog = createRefusalLog();
  const meter = createProgressMeter({ onProgress, now: () => performance.now() });
  const changeLog = createChangeLog();
  const running = { request, options, signal, meter, refusalLog, refuse: refusalLog.add, changeLog };
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
    return await importPlanned(running, plan);
  } finally {
    await plan.close();
  }
}

async function importPlanned(
  running: Running,
  plan: Awaited<ReturnType<typeof scanAndPlan>>,
): Promise<ImportOutcome> {
  const { request, options, meter, refusalLog, changeLog, signal } = running;
  const { planned, leftOutCount, reaches, placesFrom, classes, task, unit } = plan;
  await refuseTakenName(running, planned.length);
  const patchSizePx = await choosePatchSize(planned, options);
  const decodeStartedAtMs = performance.now();
  const packed = await packAll(running, { planned, classes, patchSizePx, reaches });
  const decodeSeconds = (performance.now() - decodeStartedAtMs) / 1000;
  if (!packed.channels) throw describeNothing(running, planned.length);
  const digest = addRule(packed.catalogue.finishDigest(), describeFit(options));
  meter.enter('saving', planned.length, refusalLog.count());
  const name = nameDataset(options, { leftOutCount, kept: packed.catalogue.patches.count });
  const { isNameChosen } = options;
  const described = { source: plan.source, unit, placesFrom, classes, task };
  const dataset = { name, isNameChosen, digest, patchSizePx, packed, ...described };
  const told = { refusals: refusalLog.listed(), refusedCount: refusalLog.count(), changeLog };
  const { database, beforeCommit, afterRollback } = request;
  const wanted = { database, dataset: { ...dataset, ...told }, signal, beforeCommit, afterRollback };
  const saved = await outlastDatabaseFaults(() => saveDataset(wanted), signal);
  meter.enter('done', planned.length, refusalLog.count());
  const seconds = (performance.now() - plan.startedAtMs) / 1000;
  const facts = {
    digest,
    patchSizePx,
    placesFrom,
    unit,
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
  const choices = chooseSource(options);
  const layout = findLayout(files, choices);
  const isIdc = layout.name === 'idc' && choices.manifest === null;
  const reading = isIdc ? null : await readSource({ source, files, layout, choices, refuse, signal });
  const plan = reading
    ? planSource({ ...reading, patientsOf: options.patientsOf ?? nameSource(options.path) }, refuse)
    : planImport(files, refuse);
  const close = async () => reading?.close();
  const { patches, classes } = plan;
  if (patches.length === 0) {
    await close();
    throw describeNothing(running, files.length);
  }
  const { maxPatches, seed, positive } = options;
  const planned = maxPatches === null ? patches : selectPatches(patches, { maxPatches, seed });
  const leftOutCount = countFiles(patches) - countFiles(planned);
  const task = proposeTask(
    classes.map(({ name }) => name),
    positive ? { positive } : plan.task,
  );
  return { ...plan, planned, leftOutCount, reaches: measureReach(patches), task, startedAtMs, close };
}

/** The same files by another rule are another dataset. */
function addRule(digest: string, rule: string | null): string {
  return rule === null ? digest : hash('sha256', `${digest}\t${rule}`);
}

function countFiles(patches: readonly PlannedPatch[]): number {
  return patches.reduce((sum, { copies }) => sum + 1 + copies.length, 0);
}

/** A chosen name that another dataset has is refused before the work, unless this may be that dataset again. */
async function refuseTakenName({ request, options, signal }: Running, plannedCount: number): Promise<void> {
  if (!options.isNameChosen) return;
  const look = () =>
    request.database.pool.query<{ kept: number; refused: number }>(
      'select patch_count + strip_count as kept, refused_count as refused from dataset where name = $1',
      [options.name],
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
  { request, options, meter, refuse, refusalLog, changeLog, signal }: Running,
  wanted: Pick<PackRequest, 'planned' | 'classes' | 'patchSizePx' | 'reaches'>,
): Promise<PackedPatches> {
  meter.enter('decoding', wanted.planned.length, refusalLog.count());
  const onFile = (filesDone: number) => meter.advance(filesDone, refusalLog.count());
  const { artifacts } = request;
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

function describeNothing({ options, refusalLog }: Running, found: number): AppError {
  const path = printablePath(options.path);
  const wanted = `Patches are expected as ${LAYOUT}.`;
  const first = refusalLog.listed()[0];
  if (!first) {
    const what = found === 0 ? 'holds no files' : 'holds no patches';
    return new AppError('BAD_INPUT', `Nothing to import: ${path} ${what}. ${wanted}`);
  }
  const refused = `${refusalLog.count()} files were refused (${refusalLog.summarize()})`;
  const example = `for example ${first.path}: ${first.reason}`;
  return new AppError('BAD_INPUT', `Nothing to import from ${path}: ${refused}, ${example} ${wanted}`);
}
