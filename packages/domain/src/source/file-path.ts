/** Paths within a source: folders and a name between forward slashes. What looks alike is written alike (NFC). */

const TABLE_NAME = /\.(csv|tsv|tab|txt|parquet)(\.gz)?$/i;
const CONTAINER_NAME = /\.(h5|hdf5)(\.gz)?$/i;
const IMAGE_NAME = /\.(png|jpe?g|jpe|jfif|tiff?|webp|bmp|dib)$/i;

/** Folders from the outermost, then the file's name. */
export function splitPath(path: string): string[] {
  return path.normalize('NFC').split('/');
}

export function getFileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).normalize('NFC');
}

/** The name without its last ending. */
export function getStem(path: string): string {
  return getFileName(path).replace(/\.[^.]*$/, '');
}

/** Whether the file can be an image by its name; what it is, its bytes say. */
export function isImageName(path: string): boolean {
  const name = getFileName(path);
  return IMAGE_NAME.test(name) && !name.startsWith('.');
}

/** Whether the file can be a table by its name. */
export function isTableName(path: string): boolean {
  const name = getFileName(path);
  return TABLE_NAME.test(name) && !name.startsWith('.');
}

/** Whether the file can be a container of many patches by its name. */
export function isContainerName(path: string): boolean {
  const name = getFileName(path);
  return CONTAINER_NAME.test(name) && !name.startsWith('.');
}
