/**
 * Where patches come from: a folder or a zip file, both as a list of files that can be read one by one.
 * A zip is never unpacked to disk. Nothing here knows what a patch is called or looks like.
 */
import { AppError } from '@microtome/domain/app-error';
import type { DrawnOutline } from '@microtome/domain/outline/drawn-outline';
import type { Checked, Refuse } from '../refusal.ts';

/** A scanner's file that patches are cut from. */
export type SlideFile = {
  /** The real path on disk; of a slide of several files, the first of them. */
  path: string;
  /** sha256, hexadecimal; of several files, that of their digests in the order of their names. */
  digest: string;
  /** Of its finest level. */
  widthPx: number;
  heightPx: number;
  micronsPerPixel: number;
  /** What was drawn on it, in the pixels in which its patches lie. */
  outlines: readonly DrawnOutline[];
};

export type SourceFile = {
  /** Relative to the source's root, with forward slashes, never leading out of it. */
  path: string;
  /** Reads the whole file; the fault says why it cannot be had. */
  read(): Promise<Checked<Uint8Array>>;
  /** Where it lies on disk by itself; a file within a zip does not. */
  diskPath?: string;
  /** Of a container within a zip, which is too large to be read whole: writes it to a new file. Rejects where there is no room. */
  copyTo?(target: string): Promise<Checked<null>>;
  /** Of a patch that is cut from a slide as it is read. */
  cutFrom?: SlideFile;
};

export type ScanRequest = { refuse: Refuse; signal: AbortSignal };

export type PatchSource = {
  kind: 'folder' | 'zip';
  /** The real path, without symbolic links. */
  path: string;
  /** Lists every regular file inside the source; links, devices and paths that climb out are refused. */
  scan(request: ScanRequest): Promise<SourceFile[]>;
  close(): Promise<void>;
};

/** Turns what the file system says about the source itself into a sentence; other errors pass as they are. */
export function describeOpenError(error: unknown, shownPath: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (error instanceof AppError) return error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new AppError('NOT_FOUND', `There is no folder or zip file at ${shownPath}.`, { cause: error });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new AppError('FORBIDDEN', `No permission to read ${shownPath}.`, { cause: error });
  }
  if (code === 'ELOOP' || code === 'ENAMETOOLONG') {
    return new AppError('BAD_INPUT', `${shownPath} cannot be opened (${code}).`, { cause: error });
  }
  return error;
}
