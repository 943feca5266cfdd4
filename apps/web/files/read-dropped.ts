/** What a person drops or chooses, with the names below the folder that it came in. Hidden files are left out. */

export type DroppedFile = { path: string; file: File };

const NAMES = new Intl.Collator('en', { numeric: true });

export function nameFiles(files: Iterable<File>): DroppedFile[] {
  return sortFiles([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/**
 * Folders with all that is in them. To be called while the drop is told of: the browser forgets it afterwards.
 * Throws a sentence where more than `filesMax` files lie in them: a home folder, not a folder of patches.
 */
export async function readDropped({ items, files }: DataTransfer, filesMax: number): Promise<DroppedFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return nameFiles(files);
  const found: DroppedFile[] = [];
  for (const entry of entries) {
    await collect(entry, '', found, filesMax);
  }
  return sortFiles(found);
}

async function collect(
  entry: FileSystemEntry,
  folder: string,
  found: DroppedFile[],
  filesMax: number,
): Promise<void> {
  const path = `${folder}${entry.name}`;
  if (!isFile(entry)) {
    const children = await listFolder(entry as FileSystemDirectoryEntry);
    for (const child of children) await collect(child, `${path}/`, found, filesMax);
    return;
  }
  if (found.length >= filesMax)
    throw new Error(`There are more than ${filesMax} files in what was dropped. Nothing was taken.`);
  const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
  found.push({ path, file });
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

/** The browser tells a hundred at a time. */
async function listFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

function sortFiles(files: readonly DroppedFile[]): DroppedFile[] {
  return files
    .filter(({ path }) => !path.split('/').some((part) => part.startsWith('.')))
    .sort((a, b) => NAMES.compare(a.path, b.path));
}
