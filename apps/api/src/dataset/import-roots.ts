/**
 * The folders below which imports are allowed. Every path from outside is first resolved to its real place, so that
 * neither `..` nor a symbolic link leads out of them.
 */
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve, sep } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { isTableName } from '@microtome/domain/source/file-path';
import { isSlideName, nameSlideKind } from '@microtome/domain/tiling/slide-name';
import { printablePath } from '@microtome/store/import/refusal';
import { PARTIAL_FOLDER } from '@microtome/store/upload/uploads';

const MAX_ENTRIES = 1000;
const LIST_OF_ROOTS = '';

/** `name` is for reading, `path` for opening. */
export type ImportFolderEntry = {
  name: string;
  path: string;
  isZip: boolean;
  /** Whether it can be a manifest by its name. */
  isTable: boolean;
  /** What scanner's file it is by its name; null for everything else. */
  slideKind: string | null;
  bytes: number | null;
};
/** With several roots there is a list of them above: its path is empty, and it is the parent of each. */
export type ImportFolder = { path: string; parent: string | null; entries: ImportFolderEntry[] };

export type ImportRoots = {
  paths: readonly string[];
  /** The real path; FORBIDDEN outside the roots, NOT_FOUND if nothing is there. */
  resolveBelow(path: string): Promise<string>;
  /**
   * The real path of a table: a whole one below the roots, or one within the source. What lies in a zip has no real path
   * and stays below the zip's.
   */
  resolveTable(source: string, table: string): Promise<string>;
  /** Folders, zips, tables and slides in a folder below the roots; the list of roots, or the only one, when null. */
  browse(path: string | null): Promise<ImportFolder>;
};

/**
 * Roots that do not exist are left out. `uploads`: where what people send lies, each file in a folder whose name only its sender
 * knows; it is in no list.
 */
export async function openImportRoots(
  paths: readonly string[],
  uploads: string | null = null,
): Promise<ImportRoots> {
  const real = await Promise.all(paths.map((path) => realpath(path).catch(() => null)));
  const roots = [...new Set(real.filter((path) => path !== null))];
  const sent = uploads === null ? [] : [resolve(uploads), await realpath(uploads)];

  async function resolveBelow(path: string): Promise<string> {
    // An empty path would mean the folder in which the server happens to run.
    if (path.trim() === '') throw new AppError('BAD_INPUT', 'The path is empty.');
    // A path outside is refused before it is looked up, so that the answer does not reveal what exists there.
    const asWritten = resolve(path);
    const written = [...roots, ...paths.map((root) => resolve(root)), ...sent];
    if (!isBelow(asWritten, written)) throw refusePlace(path, roots);
    const place = await realpath(asWritten).catch((cause: NodeJS.ErrnoException) => {
      throw describeMissing(path, cause);
    });
    if (!isBelow(place, [...roots, ...sent]) || isOfSeveral(place, sent)) throw refusePlace(path, roots);
    return place;
  }

  async function resolveTable(source: string, table: string): Promise<string> {
    if (table.trim() === '') throw new AppError('BAD_INPUT', 'The path of the manifest is empty.');
    const asWritten = resolve(source, table);
    const isInZip = asWritten.startsWith(source + sep) && (await stat(source)).isFile();
    return isInZip ? asWritten : resolveBelow(asWritten);
  }

  async function browse(path: string | null): Promise<ImportFolder> {
    const [firstRoot] = roots;
    if (firstRoot === undefined)
      throw new AppError('NOT_FOUND', 'There is no import root: set IMPORT_ROOTS.');
    const hasSeveral = roots.length > 1;
    if (path === null && hasSeveral)
      return { path: LIST_OF_ROOTS, parent: null, entries: roots.map(describeRoot) };
    const place = await resolveBelow(path ?? firstRoot);
    const parent = roots.includes(place) ? (hasSeveral ? LIST_OF_ROOTS : null) : dirname(place);
    return { path: place, parent, entries: await listEntries(place) };
  }

  return { paths: roots, resolveBelow, resolveTable, browse };
}

function isBelow(place: string, roots: readonly string[]): boolean {
  return roots.some((root) => place === root || place.startsWith(root.endsWith(sep) ? root : root + sep));
}

/** The folder of all uploads, and what has arrived of them in part. */
function isOfSeveral(place: string, sent: readonly string[]): boolean {
  return (
    sent.includes(place) ||
    isBelow(
      place,
      sent.map((folder) => join(folder, PARTIAL_FOLDER)),
    )
  );
}

function refusePlace(path: string, roots: readonly string[]): AppError {
  const known = roots.length > 0 ? roots.join(', ') : 'none is set';
  return new AppError('FORBIDDEN', `'${printablePath(path)}' is not below an import root (${known}).`);
}

function describeMissing(path: string, cause: NodeJS.ErrnoException): AppError {
  if (cause.code === 'EACCES') {
    return new AppError('FORBIDDEN', `'${printablePath(path)}' may not be read by the server.`, { cause });
  }
  return new AppError('NOT_FOUND', `There is no file or folder '${printablePath(path)}'.`, { cause });
}

async function listEntries(folder: string): Promise<ImportFolderEntry[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'ENOTDIR')
      throw new AppError('BAD_INPUT', `'${printablePath(folder)}' is not a folder.`, { cause });
    throw describeMissing(folder, cause);
  });
  const byName = entries
    .filter((entry) => !entry.name.startsWith('.'))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const isOpened = (entry: Dirent) =>
    entry.isDirectory() || (entry.isFile() && (isZipName(entry.name) || isTableName(entry.name)));
  const slides = byName.filter((entry) => entry.isFile() && isSlideName(entry.name));
  // A folder of a hundred thousand TIFF patches must not hide the folders in it.
  const wanted = [...byName.filter(isOpened), ...slides].slice(0, MAX_ENTRIES);
  return Promise.all(wanted.map((entry) => describeEntry(join(folder, entry.name))));
}

/** By its whole path: two roots may have one name. */
function describeRoot(path: string): ImportFolderEntry {
  return { name: printablePath(path), path, isZip: false, isTable: false, slideKind: null, bytes: null };
}

async function describeEntry(path: string): Promise<ImportFolderEntry> {
  const isFile = isZipName(path) || isTableName(path) || isSlideName(path);
  const found = isFile ? await stat(path).catch(() => null) : null;
  const bytes = found?.isFile() ? found.size : null;
  return {
    name: printablePath(basename(path)),
    path,
    isZip: bytes !== null && isZipName(path),
    isTable: bytes !== null && isTableName(path),
    slideKind: bytes === null ? null : nameSlideKind(path),
    bytes,
  };
}

function isZipName(name: string): boolean {
  return extname(name).toLowerCase() === '.zip';
}
