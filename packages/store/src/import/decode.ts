/**
 * From the bytes of a PNG file to the pixels that are kept: uint8 RGB, row-major, as everything else in the
 * platform sees a patch. Grey, paletted and 16-bit images become RGB of 8 bits; transparency is dropped.
 */
import { RGB_CHANNELS } from '@microtome/domain/slide/patch-pixels';
import sharp from 'sharp';
import { IMPORT_LIMITS } from './import-limits.ts';
import { readPngHeader } from './png-header.ts';
import { accept, type Checked, refuse, refuseTooLarge } from './refusal.ts';

export type DecodedPatch = {
  width: number;
  height: number;
  /** height × width × 3 bytes, rows from the top, red green blue. */
  pixels: Uint8Array;
};

/** Tells libvips to spend one thread a patch and to remember none: many patches at once keep the cores busy. */
export function configureDecoder(): void {
  sharp.cache(false);
  sharp.concurrency(1);
}

/** Decodes one PNG file. Never throws for what the bytes hold: the fault says what is wrong with them. */
export async function decodePatch(bytes: Uint8Array): Promise<Checked<DecodedPatch>> {
  if (bytes.length > IMPORT_LIMITS.fileBytesMax) return refuseTooLarge(bytes.length);
  const header = readPngHeader(bytes);
  if (!header.ok) return header;
  try {
    const { data, info } = await sharp(bytes, {
      limitInputPixels: IMPORT_LIMITS.patchSidePxMax ** 2,
      failOn: 'error',
    })
      .removeAlpha()
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== RGB_CHANNELS)
      return refuse('UNREADABLE', `It has ${info.channels} channels in place of ${RGB_CHANNELS}.`);
    return accept({ width: info.width, height: info.height, pixels: data });
  } catch (error) {
    const detail = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return refuse('UNREADABLE', `It cannot be decoded (${detail}).`);
  }
}
