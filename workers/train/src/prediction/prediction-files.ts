/** The image files that a prediction is asked for: a folder, a zip or one image; what a name says is kept beside it. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { parsePatchName } from '@microtome/domain/slide/patch-name';
import { accept, type Checked, type Refuse } from '@microtome/store/import/refusal';
import { openPatchSource } from '@microtome/store/import/source/open-patch-source';

const IMAGE_NAME = /\.png$/i;

export type PredictionFile = {
  /** As the source names it, with forward slashes. */
  path: string;
  /** Null where the name does not follow PATIENT_idx5_xX_yY_classC.png; x and y as written there, from 1. */
  named: { patientKey: string; x: number; y: number; label: 0 | 1 } | null;
  read(): Promise<Checked<Uint8Array>>;
};

type PredictionFiles = { files: PredictionFile[]; close(): Promise<void> };

/** Sorted by path. BAD_INPUT when there is no image; NOT_FOUND or FORBIDDEN when the path cannot be opened. */
export async function listPredictionFiles(source: string, refuse: Refuse): Promise<PredictionFiles> {
  const status = await stat(source).catch(() => null);
  if (status?.isFile() && IMAGE_NAME.test(source)) {
    const file = {
      path: path.basename(source),
      read: async () => accept<Uint8Array>(await readFile(source)),
    };
    return { files: [describeFile(file)], close: async () => undefined };
  }
  const opened = await openPatchSource(source);
  const found = await opened.scan({ refuse, signal: new AbortController().signal });
  const files = found.filter((file) => isImage(file.path)).map(describeFile);
  if (files.length === 0) {
    await opened.close();
    throw new AppError('BAD_INPUT', `There is no .png image in ${source}.`);
  }
  return {
    files: files.toSorted((left, right) => (left.path < right.path ? -1 : 1)),
    close: () => opened.close(),
  };
}

/** Places count from 1, as in the name and in a run's predictions.csv, so that the two files can be joined. */
function describeFile(file: Pick<PredictionFile, 'path' | 'read'>): PredictionFile {
  return { path: file.path, named: parsePatchName(path.posix.basename(file.path)), read: () => file.read() };
}

function isImage(file: string): boolean {
  const baseName = path.posix.basename(file);
  return IMAGE_NAME.test(baseName) && !baseName.startsWith('.');
}
