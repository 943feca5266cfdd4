/**
 * The images that a prediction is asked for: a folder, a zip or one image, read by the rules of an import, except that
 * no layout is demanded. What a name says is kept with the file.
 */
import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import type { PatchName } from '@microtome/domain/slide/patch-name';
import type { SlideReach } from '@microtome/domain/slide/slide-extent';
import { isImageName } from '@microtome/domain/source/file-path';
import { planPrediction } from '@microtome/store/import/plan/plan-prediction';
import { measureReach, nameSlide, type PlannedPatch } from '@microtome/store/import/plan/planned-patch';
import { printablePath, type Refuse } from '@microtome/store/import/refusal';
import { createRefusalLog } from '@microtome/store/import/refusal-log';
import { readRegularFile } from '@microtome/store/import/source/folder-source';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';
import type { SourceFile } from '@microtome/store/import/source/patch-source';

export type PredictionFile = Pick<PlannedPatch, 'file' | 'copies'> & {
  /** Null where the name does not follow PATIENT_idx5_xX_yY_classC.png; x and y as written there. */
  named: PatchName | null;
  /** Where a named patch lies, in pixels from 0, and how far its slide reaches at least. */
  place: { x: number; y: number; reach: SlideReach } | null;
};

type PredictionFiles = { files: PredictionFile[]; close(): Promise<void> };

/**
 * Sorted by path, each patch once.
 * @throws AppError BAD_INPUT when there is no image that can be taken; NOT_FOUND or FORBIDDEN when the path cannot be opened
 */
export async function listPredictionFiles(source: string, refuse: Refuse): Promise<PredictionFiles> {
  const refusalLog = createRefusalLog();
  const tell: Refuse = (refusal) => {
    refusalLog.add(refusal);
    refuse(refusal);
  };
  const { found, close } = await openImages(source, tell);
  const { patches, placesFrom, unnamed } = planPrediction(found, tell);
  const reaches = measureReach(patches);
  const named = patches.map(({ file, copies, patientKey, slideKey, x, y, classPosition }): PredictionFile => {
    const label = classPosition === 1 ? (1 as const) : (0 as const);
    const name = { patientKey, x: x + placesFrom, y: y + placesFrom, label };
    return {
      file,
      copies,
      named: name,
      place: { x, y, reach: reaches.get(nameSlide({ patientKey, slideKey }))! },
    };
  });
  const files = [...named, ...unnamed.map((file) => ({ file, copies: [], named: null, place: null }))];
  if (files.length === 0) {
    await close();
    throw describeNothing(source, refusalLog);
  }
  files.sort((left, right) => (left.file.path < right.file.path ? -1 : 1));
  return { files, close };
}

async function openImages(
  source: string,
  refuse: Refuse,
): Promise<{ found: SourceFile[]; close(): Promise<void> }> {
  const isImage = isImageName(source) && (await stat(source).catch(() => null))?.isFile();
  if (isImage) {
    const place = await realpath(source);
    const file = { path: path.basename(source), read: () => readRegularFile(place) };
    return { found: [file], close: async () => undefined };
  }
  const opened = await openPatchSource(source);
  try {
    const found = await opened.scan({ refuse, signal: new AbortController().signal });
    return { found, close: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

function describeNothing(source: string, refusalLog: ReturnType<typeof createRefusalLog>): AppError {
  const [first] = refusalLog.listed();
  const shown = printablePath(source);
  if (!first) return new AppError('BAD_INPUT', `There is no image in ${shown}.`);
  const refused = `${refusalLog.count()} files were left out (${refusalLog.summarize()})`;
  const example = `for example ${first.path}: ${first.reason}`;
  return new AppError('BAD_INPUT', `There is nothing to predict in ${shown}: ${refused}, ${example}`);
}
