/** Which upload a file is, kept in the browser, so that the same file goes on after the page was left. */

const KEY = 'microtome.upload.';

type KnownFile = Pick<File, 'name' | 'size' | 'lastModified'>;
type Storage = Pick<globalThis.Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** The same file, as far as a browser tells. */
function keyOf({ name, size, lastModified }: KnownFile): string {
  return `${KEY}${size}.${lastModified}.${name}`;
}

export function readUpload(file: KnownFile, open: () => Storage = () => localStorage): string | null {
  try {
    return open().getItem(keyOf(file));
  } catch {
    return null;
  }
}

export function keepUpload(file: KnownFile, id: string, open: () => Storage = () => localStorage): void {
  try {
    open().setItem(keyOf(file), id);
  } catch {
    // It is sent from its beginning next time.
  }
}

export function forgetUpload(file: KnownFile, open: () => Storage = () => localStorage): void {
  try {
    open().removeItem(keyOf(file));
  } catch {
    // The API does not know it any more.
  }
}
