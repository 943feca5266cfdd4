/**
 * A folder made into one .zip in the browser, so that it is sent like any other: in chunks that are checked, and gone on with after
 * a break. Nothing is compressed, since images do not shrink. The same folder gives the same bytes.
 */
import type { DroppedFile } from '../../../../files/read-dropped.ts';

type Packing = {
  files: readonly DroppedFile[];
  signal: AbortSignal;
  onProgress: (packed: number) => void;
};

export async function packFolder({ files, signal, onProgress }: Packing): Promise<File> {
  const { makeZip } = await import('client-zip');
  async function* entries() {
    // Told of a hundred times, however many files there are.
    const step = Math.ceil(files.length / 100);
    let packed = 0;
    for (const { path, file } of files) {
      signal.throwIfAborted();
      yield { name: path, input: file, lastModified: file.lastModified };
      if (++packed % step === 0) onProgress(packed);
    }
  }
  const content = await new Response(makeZip(entries())).blob();
  // The newest of its files: by name, size and this, a folder that is dropped again is known for the same.
  const lastModified = files.reduce((newest, { file }) => Math.max(newest, file.lastModified), 0);
  return new File([content], `${nameFolder(files)}.zip`, { lastModified });
}

/** The folder that all files lie in; several folders that are dropped together have no name. */
function nameFolder(files: readonly DroppedFile[]): string {
  const names = new Set(files.map(({ path }) => path.split('/')[0]));
  const [name] = names;
  return names.size === 1 && name ? name : 'patches';
}
