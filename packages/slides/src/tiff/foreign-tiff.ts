/**
 * Scanners' formats that look like TIFF and are put together in ways of their own: read as a plain TIFF they would give
 * wrong pixels without a sign. They are told by name, with what they need.
 */
import type { TiffPage } from './tiff-page.ts';

const XMP_READ_BYTES = 64 * 1024;

/** Null for a TIFF as every other. */
export async function nameForeignFormat({ directory, description }: TiffPage): Promise<string | null> {
  if (directory.has('hamamatsuFormat')) return 'Hamamatsu NDPI';
  if (/^\s*<\?xml[\s\S]{0,500}<scn\b[^>]*leica/.test(description)) return 'Leica SCN';
  const xmp = await directory.readText('xmp', XMP_READ_BYTES);
  if (xmp && /<iScan\b/.test(xmp)) return 'Ventana BIF';
  return null;
}
