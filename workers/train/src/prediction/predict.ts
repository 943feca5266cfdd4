/**
 * Main file of `npm run predict`: a promoted model on a folder, a zip or one image. Probabilities go to standard output
 * or a file as CSV; everything said about them goes to standard error.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ContextStep } from '@microtome/domain/context/context-step';
import { nameIndependent } from '@microtome/domain/unit/unit-words';
import { requireContextStep } from '@microtome/store/evaluation/run-context';
import { type ChangeLog, createChangeLog, describeChanges } from '@microtome/store/import/change-log';
import type { FitRules } from '@microtome/store/import/pixels/fit-patch';
import { createRefusalLog, type RefusalLog } from '@microtome/store/import/refusal-log';
import { addSourceOptions, readSourceOptions } from '@microtome/store/import/source-options';
import {
  getReferredVersion,
  listTrainedPatientKeys,
  type ReferredVersion,
} from '@microtome/store/model/model-references';
import { openStore, type Store } from '@microtome/store/store';
import { Command } from 'commander';
import { readWorkerEnv } from '../env.ts';
import { openData } from '../find-data.ts';
import { openCsvOutput } from './csv-output.ts';
import { type ReadPrediction, readFilesInContext } from './file-context.ts';
import { openFileModel } from './open-file-model.ts';
import { type FileModel, type FilePrediction, predictPatches } from './predict-patches.ts';
import { listPredictionFiles, type PredictionFile, type PredictionFiles } from './prediction-files.ts';
import { describeFigures, formatCsvRow } from './prediction-report.ts';

const NAMED_PATIENTS_MAX = 10;
const LISTED_REFUSALS_MAX = 20;
const ROWS_AT_ONCE = 256;
const UNSAFE_WARNING =
  'WARNING: the model was trained on an UNSAFE split: test data were seen in training, so its published figures are inflated.';

type PredictOptions = { model: string; out?: string } & Record<string, unknown>;

const program = new Command('predict')
  .description('Probability of the positive class for every patch, by a promoted model.')
  .argument('<path>', 'a folder or zip of patches in any layout that is known or none, or one image')
  .requiredOption(
    '--model <name@alias>',
    "e.g. idc@champion, or PROJECT/idc@champion; a version's number may stand for the alias",
  )
  .option('--out <file>', 'writes the CSV there instead of to standard output');
addSourceOptions(program).addHelpText(
  'after',
  "\nColumns: file, patient (or what the source is split by), x, y (as the source counts), label (1: a class of the model's\n" +
    'positive side, by name or as --positive says), probability, class, slide, site, contextProbability (with its neighbours on\n' +
    'the slide); empty where the source does not tell.',
);

try {
  await program.parseAsync();
  await predict(program.args[0] as string, program.opts<PredictOptions>());
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof AppError ? error.message : ((error as Error).stack ?? error)}\n`);
  process.exit(1);
}

async function predict(path: string, options: PredictOptions): Promise<void> {
  const refusalLog = createRefusalLog();
  const listed = await listPredictionFiles({ ...readSourceOptions(options), path }, refusalLog.add);
  try {
    await predictListed(listed, options, refusalLog);
  } finally {
    await listed.close();
  }
}

async function predictListed(
  listed: PredictionFiles,
  options: PredictOptions,
  refusalLog: RefusalLog,
): Promise<void> {
  const env = readWorkerEnv();
  const place = await openData(env);
  const store = await openStore(place);
  try {
    const version = await getReferredVersion(store, options.model);
    const { sides, positiveName } = version.task;
    const task = { sides, positiveName, classNames: version.classNames };
    const { files, unlabelledWhy } = listed.label(task);
    say(
      `${version.modelName} version ${version.number} (${version.run.name}, task ${version.task.name}) on ${files.length} images`,
    );
    if (version.unsafe) say(UNSAFE_WARNING);
    if (unlabelledWhy) say(unlabelledWhy);
    await warnOfTrained(store, version, { files, keysOf: listed.keysOf });
    const model = await openFileModel(store, { version, backend: env.backend });
    const step = await requireContextStep(store, { runId: version.run.id });
    const writing = { model, step, files, fit: listed.fit, out: options.out, refusalLog };
    const done = await writePredictions(writing).finally(() => model.predictor.dispose());
    if (options.out) say(`Written to ${options.out}`);
    const threshold = version.run.threshold ?? 0.5;
    const reported = { threshold, step, positiveClass: positiveName, unit: listed.unit };
    const figures = describeFigures(done, reported);
    if (figures) say(figures);
  } finally {
    await store.close();
    await place.close();
  }
}

type Writing = {
  model: FileModel;
  /** How it reads patches with their neighbours; null: nothing to say. */
  step: ContextStep | null;
  files: readonly PredictionFile[];
  fit: FitRules;
  out: string | undefined;
  refusalLog: RefusalLog;
};

/** Writes a row for each image that can be predicted, and says what was left out or changed. */
async function writePredictions(writing: Writing): Promise<ReadPrediction[]> {
  const { model, step, files, fit, refusalLog } = writing;
  const changeLog = createChangeLog();
  const output = openCsvOutput(writing.out);
  const done: FilePrediction[] = [];
  try {
    const { add: refuse } = refusalLog;
    const { add: onChange } = changeLog;
    for await (const chunk of predictPatches({ model, files, fit, refuse, onChange })) {
      done.push(...chunk);
    }
    tellRefusals(refusalLog);
    tellChanges(changeLog);
    if (done.length === 0) {
      throw new AppError('BAD_INPUT', `Nothing was predicted: none of ${files.length} images can be used.`);
    }
    // A patch's neighbours may be predicted after it, so rows are written when all are there.
    const read = readFilesInContext(done, { step, patchSizePx: model.patchSizePx });
    for (let start = 0; start < read.length; start += ROWS_AT_ONCE) {
      await output.write(read.slice(start, start + ROWS_AT_ONCE).map(formatCsvRow));
    }
    await output.finish();
    return read;
  } catch (error) {
    await output.abandon();
    throw error;
  }
}

/** Predictions for patients that a model was trained on say nothing about new ones. Keys of other sources are others. */
async function warnOfTrained(
  store: Store,
  { run, dataset }: ReferredVersion,
  { files, keysOf }: { files: readonly PredictionFile[]; keysOf: string },
): Promise<void> {
  if (dataset.source !== keysOf) return;
  const trained = await listTrainedPatientKeys(store, run);
  const keys = new Set(
    files.flatMap(({ told }) => (told?.unitKey && trained.has(told.unitKey) ? [told.unitKey] : [])),
  );
  if (keys.size === 0) return;
  const shown = [...keys].slice(0, NAMED_PATIENTS_MAX).join(', ');
  const more = keys.size > NAMED_PATIENTS_MAX ? ` and ${keys.size - NAMED_PATIENTS_MAX} more` : '';
  say(
    `WARNING: the model was trained on ${keys.size} of these ${nameIndependent(dataset.unit)} (${shown}${more}): figures would flatter it.`,
  );
}

function tellRefusals(refusalLog: RefusalLog): void {
  const count = refusalLog.count();
  if (count === 0) return;
  say(`${count} files were left out:`);
  const listed = refusalLog.listed().slice(0, LISTED_REFUSALS_MAX);
  for (const { path, reason } of listed) say(`  ${path}: ${reason}`);
  if (count > listed.length) say(`  and ${count - listed.length} more`);
}

function tellChanges(changeLog: ChangeLog): void {
  const lines = describeChanges(changeLog.countsByCode());
  if (lines.length === 0) return;
  say('Pixels were changed on the way in:');
  for (const line of lines) say(`  ${line}`);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}
