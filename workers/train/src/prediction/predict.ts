/**
 * Main file of `npm run predict`: a promoted model on a folder, a zip, one image, or slides. Probabilities go to standard output
 * or a file as CSV; everything said about them goes to standard error.
 */
import { AppError } from '@microtome/domain/app-error';
import type { ContextStep } from '@microtome/domain/context/context-step';
import { checkMicrons } from '@microtome/domain/slide-analysis/model-scale';
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
import { findModelScale } from '@microtome/store/slide-analysis/model-scale';
import { openStore, type Store } from '@microtome/store/store';
import { Command, InvalidArgumentError } from 'commander';
import { readWorkerEnv } from '../env.ts';
import { openData } from '../find-data.ts';
import { openCsvOutput } from './csv-output.ts';
import { type ReadPrediction, readFilesInContext } from './file-context.ts';
import { openFileModel } from './open-file-model.ts';
import { type FileModel, type FilePrediction, predictPatches } from './predict-patches.ts';
import { type PredictedSlide, predictSlides } from './predict-slides.ts';
import { listPredictionFiles, type PredictionFile, type PredictionFiles } from './prediction-files.ts';
import { describeArea, describeFigures, formatCsvRow } from './prediction-report.ts';

const NAMED_PATIENTS_MAX = 10;
const LISTED_REFUSALS_MAX = 20;
const ROWS_AT_ONCE = 256;
const UNSAFE_WARNING =
  'WARNING: the model was trained on an UNSAFE split: test data were seen in training, so its published figures are inflated.';

/** What is told with slides, of all options of the command; the first three with slides alone. */
const OPTIONS_OF_SLIDES = ['slides', 'modelMpp', 'slideMpp', 'model', 'out'];

type PredictOptions = {
  model: string;
  out?: string;
  slides?: boolean;
  modelMpp?: number;
  slideMpp?: number;
} & Record<string, unknown>;

const program = new Command('predict')
  .description('Probability of the positive class for every patch, by a promoted model.')
  .argument(
    '<path>',
    'a folder or zip of patches in any layout that is known or none, one image, or with --slides a slide or folder of slides',
  )
  .requiredOption(
    '--model <name@alias>',
    "e.g. idc@champion, or PROJECT/idc@champion; a version's number may stand for the alias",
  )
  .option('--slides', 'cuts the tissue of slides into squares as the model sees them: a row a square')
  .option(
    '--model-mpp <n>',
    'µm per pixel of the model, where its dataset tells none or several',
    parseMicrons,
  )
  .option('--slide-mpp <n>', 'µm per pixel of slides that tell none', parseMicrons)
  .option('--out <file>', 'writes the CSV there instead of to standard output');
addSourceOptions(program).addHelpText(
  'after',
  "\nColumns: file, patient (or what the source is split by), x, y (as the source counts), label (1: a class of the model's\n" +
    'positive side, by name or as --positive says), probability, class, slide, site, contextProbability (with its neighbours on\n' +
    'the slide); empty where the source does not tell. With --slides x and y are pixels of the finest level of the slide.',
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
  refuseOthers(options);
  if (options.slides) return predictOnSlides(path, options);
  const refusalLog = createRefusalLog();
  const listed = await listPredictionFiles({ ...readSourceOptions(options), path }, refusalLog.add);
  try {
    await predictListed(listed, options, refusalLog);
  } finally {
    await listed.close();
  }
}

/** An option that would say nothing is refused. */
function refuseOthers({ slides }: PredictOptions): void {
  const refused = program.options.find((option) => {
    const name = option.attributeName();
    if (program.getOptionValueSource(name) !== 'cli') return false;
    const position = OPTIONS_OF_SLIDES.indexOf(name);
    return slides ? position < 0 : position === 1 || position === 2;
  });
  if (!refused) return;
  const why = slides
    ? 'says how patches are read: it does not go with --slides.'
    : 'goes with --slides alone.';
  throw new AppError('BAD_INPUT', `${refused.long} ${why}`);
}

function parseMicrons(text: string): number {
  const micronsPerPixel = text.trim() === '' ? Number.NaN : Number(text);
  if (Number.isNaN(micronsPerPixel)) throw new InvalidArgumentError('It has to be a number.');
  return micronsPerPixel;
}

/** What a prediction is made with. */
type Opened = { store: Store; version: ReferredVersion; openModel: () => Promise<FileModel> };

async function withVersion(reference: string, use: (opened: Opened) => Promise<void>): Promise<void> {
  const env = readWorkerEnv();
  const place = await openData(env);
  const store = await openStore(place);
  try {
    const version = await getReferredVersion(store, reference);
    const openModel = () => openFileModel(store, { version, backend: env.backend });
    await use({ store, version, openModel });
  } finally {
    await store.close();
    await place.close();
  }
}

function tellVersion({ modelName, number, run, task, unsafe }: ReferredVersion, on: string): void {
  say(`${modelName} version ${number} (${run.name}, task ${task.name}) on ${on}`);
  if (unsafe) say(UNSAFE_WARNING);
}

function predictListed(
  listed: PredictionFiles,
  { model: reference, out }: PredictOptions,
  refusalLog: RefusalLog,
): Promise<void> {
  return withVersion(reference, async ({ store, version, openModel }) => {
    const { sides, positiveName } = version.task;
    const task = { sides, positiveName, classNames: version.classNames };
    const { files, unlabelledWhy } = listed.label(task);
    tellVersion(version, `${files.length} images`);
    if (unlabelledWhy) say(unlabelledWhy);
    await warnOfTrained(store, version, { files, keysOf: listed.keysOf });
    const model = await openModel();
    const step = await requireContextStep(store, { runId: version.run.id });
    const reading = { model, step, files, fit: listed.fit, refusalLog };
    const done = await readImages(reading).finally(() => model.predictor.dispose());
    await writeRows([done], out);
    const threshold = version.run.threshold ?? 0.5;
    const reported = { threshold, step, positiveClass: positiveName, unit: listed.unit };
    const figures = describeFigures(done, reported);
    if (figures) say(figures);
  });
}

function predictOnSlides(source: string, options: PredictOptions): Promise<void> {
  const { model: reference, modelMpp, slideMpp, out } = options;
  const toldMicronsPerPixel = slideMpp === undefined ? null : checkMicrons(slideMpp);
  return withVersion(reference, async ({ store, version, openModel }) => {
    const { run, dataset, task } = version;
    const micronsPerPixel = await findModelScale(store, dataset, modelMpp ?? null);
    tellVersion(version, `slides, at ${micronsPerPixel} µm per pixel`);
    const model = await openModel();
    try {
      const step = await requireContextStep(store, { runId: run.id });
      const refusalLog = createRefusalLog();
      const asked = { source, model, runId: run.id, step, micronsPerPixel, toldMicronsPerPixel };
      const slides = predictSlides(store, { ...asked, refuse: refusalLog.add });
      const scale = { tilePx: model.patchSizePx, micronsPerPixel };
      const reported = { threshold: run.threshold ?? 0.5, step, positiveClass: task.positiveName, scale };
      await writeRows(tellSlides(slides, { refusalLog, reported }), out);
    } finally {
      await model.predictor.dispose();
    }
  });
}

/** The rows of slides, with a few words on each and on what was left out. */
async function* tellSlides(
  slides: AsyncIterable<PredictedSlide>,
  { refusalLog, reported }: { refusalLog: RefusalLog; reported: Parameters<typeof describeArea>[1] },
): AsyncGenerator<ReadPrediction[]> {
  let predicted = 0;
  for await (const slide of slides) {
    predicted += 1;
    yield slide.squares;
    say(`${slide.path}: ${describeArea(slide.squares, reported)}`);
  }
  tellRefusals(refusalLog);
  if (predicted === 0)
    throw new AppError('BAD_INPUT', 'Nothing was predicted: none of the slides can be used.');
}

type ImageReading = {
  model: FileModel;
  /** How it reads patches with their neighbours; null: nothing to say. */
  step: ContextStep | null;
  files: readonly PredictionFile[];
  fit: FitRules;
  refusalLog: RefusalLog;
};

/** Each image that can be predicted, when all are: a patch's neighbours may come after it. Says what was left out or changed. */
async function readImages({ model, step, files, fit, refusalLog }: ImageReading): Promise<ReadPrediction[]> {
  const changeLog = createChangeLog();
  const done: FilePrediction[] = [];
  const { add: refuse } = refusalLog;
  const { add: onChange } = changeLog;
  for await (const chunk of predictPatches({ model, files, fit, refuse, onChange })) done.push(...chunk);
  tellRefusals(refusalLog);
  tellChanges(changeLog);
  if (done.length === 0)
    throw new AppError('BAD_INPUT', `Nothing was predicted: none of ${files.length} images can be used.`);
  return readFilesInContext(done, { step, patchSizePx: model.patchSizePx });
}

type Rows = Iterable<readonly ReadPrediction[]> | AsyncIterable<readonly ReadPrediction[]>;

async function writeRows(chunks: Rows, out: string | undefined): Promise<void> {
  const output = openCsvOutput(out);
  try {
    for await (const chunk of chunks)
      for (let start = 0; start < chunk.length; start += ROWS_AT_ONCE)
        await output.write(chunk.slice(start, start + ROWS_AT_ONCE).map(formatCsvRow));
    await output.finish();
  } catch (error) {
    await output.abandon();
    throw error;
  }
  if (out) say(`Written to ${out}`);
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
