/** What a source tells of its patches: by its manifest, or else by its layout, which is detected or named. */
import { realpath } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { isTableName } from '@microtome/domain/source/file-path';
import { IDC } from '@microtome/domain/source/layout/idc';
import type { Layout } from '@microtome/domain/source/layout/layout';
import { detectLayout, getLayout } from '@microtome/domain/source/layout/layouts';
import { atField } from '../at-field.ts';
import type { ImportOptions } from '../import-options.ts';
import { printablePath, type Refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import { openSourceTable, openTableAt } from '../table/open-table.ts';
import { readLayout } from './read-layout.ts';
import { type ManifestHead, type ReadManifest, readManifest } from './read-manifest.ts';
import { readPcam } from './read-pcam.ts';
import type { ToldPatch } from './told-patch.ts';

export type SourceReading = {
  told: ToldPatch[];
  /** All files, those that are no patches included. */
  fileCount: number;
  layout: Layout | null;
  /** Its told patches are those above. */
  manifest: Omit<ReadManifest, 'told'> | null;
  /** Lets go of what the patches are read from. */
  close(): Promise<void>;
};

/** How a source is to be read: those options of an import that say what its files are. */
type SourceChoices = Pick<ImportOptions, 'layout' | 'manifest' | 'map' | 'magnification'>;

type SourceRequest = {
  source: PatchSource;
  /** All of the source. */
  files: readonly SourceFile[];
  /** Of no weight where there is a manifest. */
  layout: Layout;
  choices: SourceChoices;
  refuse: Refuse;
  signal: AbortSignal;
  /** Told what the manifest looks like, before its rows are joined to files. */
  onHead?: ((head: ManifestHead) => void) | undefined;
  /** Where packed containers are unpacked; left out: in the folder that the system has for such. */
  scratch?: string | null | undefined;
};

/** What a manifest is read of: files of any kind, of which `isWanted` ought to have rows. */
type ManifestOfFiles = Omit<SourceRequest, 'layout' | 'scratch'> &
  Pick<Parameters<typeof readManifest>[0], 'isWanted'>;

const NOTHING_OPEN = async () => {};

/** @throws AppError with a sentence for what is told of no patch at all */
export async function readSource(request: SourceRequest): Promise<SourceReading> {
  const { files, layout, choices, refuse, signal, scratch = null } = request;
  const fileCount = files.length;
  if (choices.manifest !== null) {
    return readManifestOf(request, choices.manifest);
  }
  if (layout.name === 'pcam-h5') {
    const { told, close } = await atField('path', () => readPcam({ files, scratch, refuse, signal }));
    return { told, fileCount, layout, manifest: null, close };
  }
  const { magnification } = choices;
  const told = await atField('layout', () => readLayout({ files, layout, magnification, refuse, signal }));
  return { told, fileCount, layout, manifest: null, close: NOTHING_OPEN };
}

/** As named, or as detected. Where nothing fits, what is said of the files is said by the layout that asks most. */
export function findLayout(files: readonly SourceFile[], choices: SourceChoices): Layout {
  if (choices.layout) return getLayout(choices.layout);
  return detectLayout(files.map(({ path }) => path)) ?? IDC;
}

/** @throws AppError about the manifest, for what is told of no file at all */
export async function readManifestOf(request: ManifestOfFiles, path: string): Promise<SourceReading> {
  const { told, ...manifest } = await atField('manifest', () => readByManifest(request, path));
  return { told, fileCount: request.files.length, layout: null, manifest, close: NOTHING_OPEN };
}

async function readByManifest(
  { source, files, choices, refuse, signal, onHead, isWanted }: ManifestOfFiles,
  path: string,
): Promise<ReadManifest> {
  const within = nameWithin(source, path);
  const inside = files.find((file) => file.path.normalize('NFC') === within);
  const table = inside ? await openSourceTable(inside) : await openBeside(source, files, path);
  try {
    // A manifest that lies among the files is none of them.
    const location = inside?.diskPath ?? (await realpath(path).catch(() => null));
    const others = files.filter(
      (file) => file !== inside && (location === null || file.diskPath !== location),
    );
    return await readManifest({
      files: others,
      table,
      wishes: choices.map,
      refuse,
      signal,
      onHead,
      isWanted,
    });
  } finally {
    await table.close();
  }
}

/** A table of the source may be written from its root, or with the source's own path before it. */
function nameWithin(source: PatchSource, path: string): string {
  const written = path.replaceAll('\\', '/').replace(/^\.\//, '');
  const root = `${source.path.replaceAll('\\', '/')}/`;
  return (written.startsWith(root) ? written.slice(root.length) : written).normalize('NFC');
}

async function openBeside(source: PatchSource, files: readonly SourceFile[], path: string) {
  return openTableAt(path).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    const tables = files.flatMap((file) => (isTableName(file.path) ? [printablePath(file.path, 80)] : []));
    const has =
      tables.length === 0 ? 'which holds no table' : `which holds ${tables.slice(0, 10).join(', ')}`;
    const shown = printablePath(path);
    const where = `neither on disk nor in ${printablePath(source.path)}, ${has}`;
    throw new AppError('NOT_FOUND', `There is no manifest ${shown}: ${where}.`, { cause: error });
  });
}
