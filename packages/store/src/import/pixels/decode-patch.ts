/**
 * From the bytes of an image file to the pixels that are kept: uint8 RGB, row-major, as everything else in the platform
 * sees a patch. What is not of that kind is brought to it in one stated way each, and named.
 */
import { invariant } from '@microtome/domain/app-error';
import sharp, { type Sharp } from 'sharp';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { accept, type Checked, refuse, refuseTooLarge } from '../refusal.ts';
import { decodeBmp } from './decode-bmp.ts';
import { markDecoderMemory } from './decoder-memory.ts';
import { type ImageHeader, isPlain } from './headers/image-header.ts';
import { readImageHeader } from './headers/read-image-header.ts';
import type { ChangeCode } from './pixel-change.ts';
import { findDepthFault, layOnWhite, scaleToBytes } from './to-bytes.ts';

const RGB = 3;
const RGBA = 4;

export type DecodedPatch = {
  width: number;
  height: number;
  /** height × width × 3 bytes, rows from the top, red green blue. */
  pixels: Uint8Array;
  /** What was changed on the way, each once. */
  changes: readonly ChangeCode[];
};

type Raw = { width: number; height: number; channels: number; data: Buffer };
export type PatchHeader = Extract<Awaited<ReturnType<typeof readImageHeader>>, { ok: true }>['value'];

/** Tells libvips to spend one thread a patch and to remember none: many patches at once keep the cores busy. */
export function configureDecoder(): void {
  sharp.cache(false);
  sharp.concurrency(1);
}

/** Decodes one image file. Never throws for what the bytes hold: the fault says what is wrong with them. */
export async function decodePatch(bytes: Uint8Array): Promise<Checked<DecodedPatch>> {
  const header = await readPatchHeader(bytes);
  return header.ok ? decodeByHeader(bytes, header.value) : header;
}

/** What the file claims; a fault where none of it is to be decoded. */
export async function readPatchHeader(bytes: Uint8Array): Promise<Checked<PatchHeader>> {
  return bytes.length > IMPORT_LIMITS.fileBytesMax ? refuseTooLarge(bytes.length) : readImageHeader(bytes);
}

/** The rest of `decodePatch`, for a file whose header was read. */
export async function decodeByHeader(bytes: Uint8Array, header: PatchHeader): Promise<Checked<DecodedPatch>> {
  try {
    return await decodeAs(bytes, header);
  } catch {
    const what = header.isWhole ? 'its bytes are damaged' : 'it was cut off';
    return refuse('UNREADABLE', `It cannot be decoded: ${what}.`);
  }
}

async function decodeAs(bytes: Uint8Array, header: PatchHeader): Promise<Checked<DecodedPatch>> {
  const raw = await readRaw(bytes, header);
  const changes = listChanges(header);
  if (header.hasProfile && !header.isCmyk) {
    const unconverted = await readRaw(bytes, header, { ignoreIcc: true });
    if (!raw.data.equals(unconverted.data)) changes.push('PROFILE_TO_SRGB');
  }
  const { width, height, channels } = raw;
  const wanted = header.hasTransparency ? RGBA : RGB;
  if (channels !== wanted) return refuse('UNREADABLE', `It has ${channels} channels in place of ${wanted}.`);
  let pixels: Uint8Array = raw.data;
  if (header.bitDepth === 16) {
    const deep = new Uint16Array(raw.data.buffer, raw.data.byteOffset, raw.data.length / 2);
    const fault = findDepthFault(deep, channels);
    if (fault) return { ok: false, fault };
    changes.push('SIXTEEN_BITS_TO_EIGHT');
    pixels = scaleToBytes(deep);
  }
  if (header.hasTransparency) {
    const opaque = layOnWhite(pixels);
    if (opaque.hadTransparency) changes.push('TRANSPARENCY_TO_WHITE');
    pixels = opaque.pixels;
  }
  return accept({ width, height, pixels, changes });
}

/** As far as the header tells. */
function listChanges({ isGrey, isCmyk, hasPalette, isInterlaced, orientation }: ImageHeader): ChangeCode[] {
  const changes: ChangeCode[] = [];
  if (isGrey) changes.push('GREY_TO_RGB');
  if (isCmyk) changes.push('CMYK_TO_RGB');
  if (hasPalette) changes.push('PALETTE_TO_RGB');
  if (isInterlaced) changes.push('INTERLACED');
  if (orientation !== 1) changes.push('TURNED_UPRIGHT');
  return changes;
}

async function readRaw(bytes: Uint8Array, header: PatchHeader, options = {}): Promise<Raw> {
  const { width, height } = header;
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if ('bmp' in header) {
    invariant(header.isWhole, 'a BMP that was cut off');
    return { width, height, ...decodeBmp(file, header) };
  }
  if ('pixelOffset' in header) {
    invariant(header.isWhole, 'a PPM that was cut off');
    const { pixelOffset } = header;
    return {
      width,
      height,
      channels: RGB,
      data: file.subarray(pixelOffset, pixelOffset + width * height * RGB),
    };
  }
  return readByVips(bytes, header, options);
}

/** Whatever the file keeps, as red, green, blue and, where there may be any, alpha; of 16 bits where it has them. */
async function readByVips(bytes: Uint8Array, header: ImageHeader, options: object): Promise<Raw> {
  const image = sharp(bytes, {
    limitInputPixels: IMPORT_LIMITS.patchSidePxMax ** 2,
    failOn: 'error',
    autoOrient: header.orientation !== 1,
    ...options,
  });
  // What is asked of the decoder costs time, even where there is nothing to do.
  if (!isPlain(header)) shapeColours(image, header);
  const { data, info } = await image
    .raw({ depth: header.bitDepth === 16 ? 'ushort' : 'uchar' })
    .toBuffer({ resolveWithObject: true });
  markDecoderMemory(data);
  return { width: info.width, height: info.height, channels: info.channels, data };
}

function shapeColours(image: Sharp, { bitDepth, hasTransparency }: ImageHeader): void {
  if (hasTransparency) image.ensureAlpha();
  else image.removeAlpha();
  image.toColourspace(bitDepth === 16 ? 'rgb16' : 'srgb');
}
