/** What a source tells of its patches: by its manifest, or else by its layout, which is detected or named. */
import { realpath } from 'node:fs/promises';
import { AppError } from '@microtome/domain/app-error';
import { isTableName } from '@microtome/domain/source/file-path';
import { IDC } from '@microtome/domain/source/layout/idc';
import type { Layout, LayoutName } from '@microtome/domain/source/layout/layout';
import { detectLayout, getLayout } from '@microtome/domain/source/layout/layouts';
import { printablePath, type Refuse } from '../refusal.ts';
import type { PatchSource, SourceFile } from '../source/patch-source.ts';
import { openSourceTable, openTableAt } from '../table/open-table.ts';
import { readLayout } from './read-layout.ts';
import { type ReadManifest, readManifest } from './read-manifest.ts';
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

/** How a source is to be read. */
type SourceChoices = {
  /** Null: as detected, unless there is a manifest. */
  layout: LayoutName | null;
  /** The table that says what each file is: within the source, or on disk. */
  manifest: string | null;
  /** `key=column` each, over what is recognised of the manifest. */
  map: readonly string[];
  /** Of the files to take, where a layout has several. */
  magnification: number | null;
};

/** Checks how a source is to be read. @throws AppError BAD_INPUT that names what is wrong */
export function chooseSource(wishes: {
  layout?: string | null | undefined;
  manifest?: string | null | undefined;
  map?: readonly string[] | null | undefined;
  magnification?: number | null | undefined;
}): SourceChoices {
  const { layout = null, manifest = null, magnification = null } = wishes;
  const map = wishes.map ?? [];
  if (manifest?.trim() === '') throw new AppError('BAD_INPUT', 'The path of the manifest is empty.');
  if (manifest === null && map.length > 0) {
    throw new AppError('BAD_INPUT', 'Columns are mapped, but no manifest is named.');
  }
  if (manifest !== null && layout !== null) {
    throw new AppError('BAD_INPUT', 'Files are told by a layout or by a manifest, not by both.');
  }
  if (magnification !== null && !(magnification > 0)) {
    throw new AppError('BAD_INPUT', `The magnification is ${magnification}, which is no number above 0.`);
  }
  return { layout: layout === null ? null : getLayout(layout).name, manifest, map, magnification };
}

type SourceRequest = {
  source: PatchSource;
  /** All of the source. */
  files: readonly SourceFile[];
  /** Of no weight where there is a manifest. */
  layout: Layout;
  choices: SourceChoices;
  refuse: Refuse;
  signal: AbortSignal;
};

const NOTHING_OPEN = async () => {};

/** @throws AppError with a sentence for what is told of no patch at all */
export async function readSource(request: SourceRequest): Promise<SourceReading> {
  const { files, layout, choices, refuse, signal } = request;
  const fileCount = files.length;
  if (choices.manifest !== null) {
    const { told, ...manifest } = await readByManifest(request, files, choices.manifest);
    return { told, fileCount, layout: null, manifest, close: NOTHING_OPEN };
  }
  if (layout.name === 'pcam-h5') {
    const { told, close } = await readPcam({ files, refuse, signal });
    return { told, fileCount, layout, manifest: null, close };
  }
  const { magnification } = choices;
  const told = await readLayout({ files, layout, magnification, refuse, signal });
  return { told, fileCount, layout, manifest: null, close: NOTHING_OPEN };
}

/** As named, or as detected. Where nothing fits, what is said of the files is said by the layout that asks most. */
export function findLayout(files: readonly SourceFile[], choices: SourceChoices): Layout {
  if (choices.layout) return getLayout(choices.layout);
  return detectLayout(files.map(({ path }) => path)) ?? IDC;
}

async function readByManifest(
  { source, choices, refuse, signal }: SourceRequest,
  files: readonly SourceFile[],
  path: string,
): Promise<ReadManifest> {
  const inside = files.find((file) => file.path === path.replaceAll('\\', '/').replace(/^\.\//, ''));
  const table = inside ? await openSourceTable(inside) : await openBeside(source, files, path);
  try {
    // A manifest that lies among the files is none of them.
    const location = inside?.diskPath ?? (await realpath(path).catch(() => null));
    const others = files.filter(
      (file) => file !== inside && (location === null || file.diskPath !== location),
    );
    return await readManifest({ files: others, table, wishes: choices.map, refuse, signal });
  } finally {
    await table.close();
  }
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
