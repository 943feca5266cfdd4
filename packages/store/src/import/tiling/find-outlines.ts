/** Which file of outlines belongs to which slide: the one that is called as the slide is, in the folder that was named. */
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { isOutlinesName, nameOutlinedSlide } from '@microtome/domain/tiling/slide-name';
import { atField } from '../at-field.ts';
import { printablePath, type Refuse } from '../refusal.ts';
import { createFolderSource } from '../source/folder-source.ts';
import type { SourceFile } from '../source/patch-source.ts';

export type FoundOutlines = {
  /** Of a slide by its name without ending, as it lies on disk. */
  of(slideName: string): readonly string[];
  /** Those that no slide was asked by, as they are shown to people. */
  listUnused(): string[];
};

type Wanted = { folder: string; sourcePath: string; refuse: Refuse; signal: AbortSignal };

/** @throws AppError NOT_FOUND or BAD_INPUT, about `annotations` */
export async function findOutlines({ folder, sourcePath, refuse, signal }: Wanted): Promise<FoundOutlines> {
  return atField('annotations', async () => {
    const place = await findFolder(folder, sourcePath);
    const files = await createFolderSource(place).scan({ refuse, signal });
    const found = indexOutlines(files);
    if (found) return found;
    throw new AppError(
      'BAD_INPUT',
      `${printablePath(place)} holds no outlines: files that end in .xml, .geojson or .json are needed.`,
    );
  });
}

/** Within the source, or as it stands. */
async function findFolder(folder: string, sourcePath: string): Promise<string> {
  for (const candidate of [resolve(sourcePath, folder), folder]) {
    const place = await realpath(candidate).catch(() => null);
    if (place && (await stat(place)).isDirectory()) return place;
  }
  throw new AppError('NOT_FOUND', `There is no folder of outlines at ${printablePath(folder)}.`);
}

/** Null where none of the files can be outlines. */
export function indexOutlines(files: readonly SourceFile[]): FoundOutlines | null {
  const drawn = files.filter(({ path, diskPath }) => isOutlinesName(path) && diskPath !== undefined);
  if (drawn.length === 0) return null;
  const bySlide = Map.groupBy(drawn, ({ path }) => nameOutlinedSlide(path));
  const asked = new Set<string>();
  return {
    of(slideName) {
      asked.add(slideName);
      return (bySlide.get(slideName) ?? []).flatMap(({ diskPath }) => diskPath ?? []);
    },
    listUnused: () =>
      [...bySlide].flatMap(([name, unused]) => (asked.has(name) ? [] : unused.map(({ path }) => path))),
  };
}
