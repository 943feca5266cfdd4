/**
 * The images that a prediction is asked for: a folder, a zip or one image, read by the rules of an import, except that
 * no layout is demanded. What the source tells of an image is kept with it, its label by the task of the model.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import type { SlideReach } from '@microtome/domain/slide/slide-extent';
import { isImageName } from '@microtome/domain/source/file-path';
import { labelByNames } from '@microtome/domain/task/label-by-names';
import type { TaskSide, TaskSides } from '@microtome/domain/task/task';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { hasUnits } from '@microtome/domain/unit/unit-words';
import { parseImportOptions } from '@microtome/store/import/import-options';
import type { FitRules } from '@microtome/store/import/pixels/fit-patch';
import { planPrediction } from '@microtome/store/import/plan/plan-prediction';
import { measureReach, nameSlide, type PlannedPatch } from '@microtome/store/import/plan/planned-patch';
import { printablePath, type Refuse } from '@microtome/store/import/refusal';
import { createRefusalLog } from '@microtome/store/import/refusal-log';
import { readRegularFile } from '@microtome/store/import/source/folder-source';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import type { PatchSource } from '@microtome/store/import/source/patch-source';
import type { SourceChoices } from '@microtome/store/import/source-options';

export type PredictionFile = Pick<PlannedPatch, 'file' | 'copies'> & {
  /** Null where the source tells nothing of it. */
  told: ToldImage | null;
  /** Where it lies on its slide, in pixels from 0, and how far that slide reaches at least. */
  place: { x: number; y: number; reach: SlideReach } | null;
};

/** x and y as the source counts them; null is what it does not tell. */
type ToldImage = Pick<PlannedPatch, 'site' | 'x' | 'y'> & {
  /** Key of its unit of splitting. */
  unitKey: string | null;
  slideKey: string | null;
  className: string | null;
  /** Null where its class is on no side of the task. */
  label: 0 | 1 | null;
};

/** The task of the model, and the classes of the dataset that it was trained on. */
type PredictingTask = { sides: TaskSides; classNames: readonly string[]; positiveName: string };

type LabelledFiles = {
  /** Sorted by path, each patch once. */
  files: PredictionFile[];
  /** Why the classes of the source are no labels; null where they are, or where there are none. */
  unlabelledWhy: string | null;
};

export type PredictionFiles = {
  unit: SplittingUnit;
  /** The namespace of the keys. */
  keysOf: string;
  /** What becomes of images of another shape or size than the model takes. */
  fit: FitRules;
  /** @throws AppError BAD_INPUT for a positive class that the source lacks */
  label(task: PredictingTask): LabelledFiles;
  close(): Promise<void>;
};

/**
 * @throws AppError BAD_INPUT when there is no image that can be taken, and for options that cannot be; NOT_FOUND or
 * FORBIDDEN when the path cannot be opened
 */
export async function listPredictionFiles(
  { path: given, ...choices }: SourceChoices & { path: string },
  refuse: Refuse,
): Promise<PredictionFiles> {
  const refusalLog = createRefusalLog();
  const tell: Refuse = (refusal) => {
    refusalLog.add(refusal);
    refuse(refusal);
  };
  const { signal } = new AbortController();
  const source = await openImages(given);
  try {
    const options = parseImportOptions({ ...choices, path: given });
    const found = await source.scan({ refuse: tell, signal });
    const plan = await planPrediction({ source, files: found, options, refuse: tell, signal });
    const close = async () => {
      await plan.close();
      await source.close();
    };
    if (plan.patches.length + plan.unnamed.length === 0) {
      await plan.close();
      throw describeNothing(given, refusalLog);
    }
    const { unit, source: keysOf } = plan;
    const label = (task: PredictingTask) => labelFiles(plan, { task, positive: options.positive });
    return { unit, keysOf, fit: options, label, close };
  } catch (error) {
    await source.close();
    throw error;
  }
}

type Plan = Awaited<ReturnType<typeof planPrediction>>;

function labelFiles(
  { patches, placesFrom, unit, classNames, proposed, unnamed }: Plan,
  { task, positive }: { task: PredictingTask; positive: readonly string[] | null },
): LabelledFiles {
  const named = classNames.filter((name) => name !== null);
  const labelled = named.length > 0 ? labelByNames(task, { classNames: named, positive, proposed }) : null;
  const labels = new Map(named.map((name, at) => [name, toLabel(labelled?.sides?.[at])]));
  const reaches = measureReach(patches);
  const told = patches.map((patch): PredictionFile => {
    const { file, copies, patientKey, slideKey, site, x, y } = patch;
    const className = classNames[patch.classPosition] ?? null;
    return {
      file,
      copies,
      told: {
        unitKey: hasUnits(unit) ? patientKey : null,
        slideKey: hasUnits(unit) || slideKey !== patientKey ? slideKey : null,
        site,
        x: x === null ? null : x + placesFrom,
        y: y === null ? null : y + placesFrom,
        className,
        label: className === null ? null : (labels.get(className) ?? null),
      },
      place: x === null || y === null ? null : { x, y, reach: reaches.get(nameSlide(patch))! },
    };
  });
  const files = [...told, ...unnamed.map((file) => ({ file, copies: [], told: null, place: null }))];
  files.sort((left, right) => (left.file.path < right.file.path ? -1 : 1));
  return { files, unlabelledWhy: labelled?.why ?? null };
}

function toLabel(side: TaskSide | undefined): 0 | 1 | null {
  if (side === 'POSITIVE') return 1;
  return side === 'NEGATIVE' ? 0 : null;
}

/** A single image is a source of one file. */
async function openImages(given: string): Promise<PatchSource> {
  const isImage = isImageName(given) && (await stat(given).catch(() => null))?.isFile();
  if (!isImage) return openPatchSource(given);
  const place = await realpath(given);
  const file = { path: path.basename(given), read: () => readRegularFile(place) };
  return { kind: 'folder', path: path.dirname(place), scan: async () => [file], close: async () => {} };
}

function describeNothing(source: string, refusalLog: ReturnType<typeof createRefusalLog>): AppError {
  const [first] = refusalLog.listed();
  const shown = printablePath(source);
  if (!first) return new AppError('BAD_INPUT', `There is no image in ${shown}.`);
  const refused = `${refusalLog.count()} files were left out (${refusalLog.summarize()})`;
  const example = `for example ${first.path}: ${first.reason}`;
  return new AppError('BAD_INPUT', `There is nothing to predict in ${shown}: ${refused}, ${example}`);
}
