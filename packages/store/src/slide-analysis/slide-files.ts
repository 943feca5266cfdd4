/** The slides at a place: one file, whatever it is called, or those of a folder and the folders in it that can be slides by their names. */
import { realpath, stat } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { isSlideName } from '@microtome/domain/tiling/slide-name';
import { printablePath, type Refuse } from '../import/refusal.ts';
import { openPatchSource } from '../import/source/open-patch-source.ts';

/** Each is opened before it is asked about. */
const SLIDES_MAX = 10_000;

/** Real paths, sorted. @throws AppError NOT_FOUND; BAD_INPUT where no file can be a slide, or too many */
export async function listSlideFiles(path: string, refuse: Refuse): Promise<string[]> {
  const found = await stat(path).catch(() => null);
  if (found?.isFile()) return [await realpath(path)];
  const source = await openPatchSource(path);
  try {
    const files = await source.scan({ refuse, signal: new AbortController().signal });
    const slides = files.flatMap(({ path: within, diskPath }) =>
      diskPath !== undefined && isSlideName(within) ? [diskPath] : [],
    );
    if (slides.length === 0)
      throw new AppError(
        'BAD_INPUT',
        `${printablePath(path)} holds no slides: none of its ${files.length} files is one by its name.`,
      );
    if (slides.length > SLIDES_MAX)
      throw new AppError(
        'BAD_INPUT',
        `${printablePath(path)} holds ${slides.length} slides: at most ${SLIDES_MAX} are asked about at once.`,
      );
    return slides.sort();
  } finally {
    await source.close();
  }
}
