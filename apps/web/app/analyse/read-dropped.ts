/** What a person drops or chooses, with the names below the folder that it came in. Hidden files are left out. */
import type { DroppedFile } from '../../analyser/messages.ts';

/** More would be a mistake: a home folder, not a folder of patches. */
const FILES_MAX = 100_000;

const NAMES = new Intl.Collator('en', { numeric: true });

export function nameFiles(files: Iterable<File>): DroppedFile[] {
  return sortFiles([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
}

/** Folders with all that is in them. To be called while the drop is told of: the browser forgets it afterwards. */
export async function readDropped({ items, files }: DataTransfer): Promise<DroppedFile[]> {
  const entries = [...items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  if (entries.length === 0) return nameFiles(files);
  const found: DroppedFile[] = [];
  for (const entry of entries) await collect(entry, '', found);
  return sortFiles(found);
}

async function collect(entry: FileSystemEntry, folder: string, found: DroppedFile[]): Promise<void> {
  if (found.length >= FILES_MAX) return;
  const path = `${folder}${entry.name}`;
  if (isFile(entry)) {
    const file = await new Promise<File>((resolve, reject) => entry.file(resolve, reject));
    found.push({ path, file });
    return;
  }
  for (const child of await listFolder(entry as FileSystemDirectoryEntry))
    await collect(child, `${path}/`, found);
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
