/**
 * What a BMP file claims, and where its pixels lie. Files that are packed by run lengths, or hold another file, are
 * refused: image programs write neither for pictures.
 */
import { accept, type Checked, refuse } from '../../refusal.ts';
import { findClaimFault, type ImageHeader, PLAIN_HEADER } from './image-header.ts';

const FILE_HEADER_BYTES = 14;
const OLDEST_HEADER_BYTES = 12;
const INFO_HEADER_BYTES = 40;
/** From here on the mask of alpha is part of the header, as those of the colours are. */
const ALPHA_HEADER_BYTES = 56;
const UNPACKED = 0;
const BY_MASKS = [3, 6];
const DEPTHS = [1, 4, 8, 16, 24, 32];

/** One colour of a pixel of 16 or 32 bits: where its bits are. */
export type BmpMask = { shift: number; largest: number };

type BmpLayout = {
  bitsPerPixel: number;
  isTopDown: boolean;
  /** Where the pixels begin. */
  pixelOffset: number;
  /** Red, green, blue of each entry; empty where pixels are colours. */
  palette: readonly (readonly [number, number, number])[];
  /** Red, green, blue and, where the file has one, alpha. */
  masks: readonly [BmpMask, BmpMask, BmpMask, BmpMask | null];
};

export type BmpHeader = ImageHeader & { bmp: BmpLayout };

export function readBmpHeader(file: Buffer): Checked<BmpHeader> {
  const damaged = refuse<BmpHeader>('UNREADABLE', 'Its BMP header is damaged.');
  if (file.length < FILE_HEADER_BYTES + OLDEST_HEADER_BYTES) return damaged;
  const headerBytes = file.readUInt32LE(FILE_HEADER_BYTES);
  const isOldest = headerBytes === OLDEST_HEADER_BYTES;
  if ((!isOldest && headerBytes < INFO_HEADER_BYTES) || file.length < FILE_HEADER_BYTES + headerBytes) {
    return damaged;
  }
  const width = isOldest ? file.readUInt16LE(18) : file.readInt32LE(18);
  const signedHeight = isOldest ? file.readUInt16LE(20) : file.readInt32LE(22);
  const height = Math.abs(signedHeight);
  if (width < 0) return damaged;
  const refused = findClaimFault(width, height);
  if (refused) return refused;
  const bitsPerPixel = file.readUInt16LE(isOldest ? 24 : 28);
  const packing = isOldest ? UNPACKED : file.readUInt32LE(30);
  if (!DEPTHS.includes(bitsPerPixel)) {
    return refuse('UNREADABLE', `It is a BMP of ${bitsPerPixel} bits a pixel, which no picture has.`);
  }
  if (packing !== UNPACKED && !BY_MASKS.includes(packing)) {
    return refuse('UNREADABLE', `It is a BMP packed by method ${packing}; only unpacked ones can be read.`);
  }
  const bmp = readLayout(file, { headerBytes, bitsPerPixel, packing, isTopDown: signedHeight < 0 });
  if (!bmp) return damaged;
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4;
  return accept({
    ...PLAIN_HEADER,
    format: 'BMP',
    width,
    height,
    hasPalette: bmp.palette.length > 0,
    hasTransparency: bmp.masks[3] !== null,
    isWhole: bmp.pixelOffset + rowBytes * height <= file.length,
    bmp,
  });
}

type LayoutClaims = { headerBytes: number; bitsPerPixel: number; packing: number; isTopDown: boolean };

function readLayout(
  file: Buffer,
  { headerBytes, bitsPerPixel, packing, isTopDown }: LayoutClaims,
): BmpLayout | null {
  const headerEnd = FILE_HEADER_BYTES + headerBytes;
  const isOldest = headerBytes === OLDEST_HEADER_BYTES;
  const isMasked = BY_MASKS.includes(packing) && bitsPerPixel >= 16;
  const extraBytes = isMasked && headerBytes === INFO_HEADER_BYTES ? (packing === 6 ? 16 : 12) : 0;
  if (headerEnd + extraBytes > file.length) return null;
  const entries = bitsPerPixel <= 8 ? countEntries(file, { isOldest, bitsPerPixel }) : 0;
  const entryBytes = isOldest ? 3 : 4;
  const paletteEnd = headerEnd + extraBytes + entries * entryBytes;
  if (entries > 2 ** bitsPerPixel || paletteEnd > file.length) return null;
  const palette = Array.from({ length: entries }, (_, entry) => {
    const start = headerEnd + extraBytes + entry * entryBytes;
    return [file[start + 2] as number, file[start + 1] as number, file[start] as number] as const;
  });
  const hasAlphaMask = headerBytes >= ALPHA_HEADER_BYTES || extraBytes === 16;
  const masks = readMasks(file, { isMasked, hasAlphaMask, bitsPerPixel });
  return masks && { bitsPerPixel, isTopDown, pixelOffset: file.readUInt32LE(10), palette, masks };
}

function countEntries(
  file: Buffer,
  { isOldest, bitsPerPixel }: { isOldest: boolean; bitsPerPixel: number },
): number {
  const stated = isOldest ? 0 : file.readUInt32LE(46);
  return stated === 0 ? 2 ** bitsPerPixel : stated;
}

/** The masks follow the header of 40 bytes, and are part of longer ones, at the same place. */
function readMasks(
  file: Buffer,
  {
    isMasked,
    hasAlphaMask,
    bitsPerPixel,
  }: { isMasked: boolean; hasAlphaMask: boolean; bitsPerPixel: number },
): BmpLayout['masks'] | null {
  const usual = bitsPerPixel === 16 ? [0x7c00, 0x03e0, 0x001f] : [0xff0000, 0xff00, 0xff];
  const start = FILE_HEADER_BYTES + INFO_HEADER_BYTES;
  const given = isMasked ? [0, 4, 8].map((offset) => file.readUInt32LE(start + offset)) : usual;
  const [red, green, blue] = given.map(findMask);
  const alpha = isMasked && hasAlphaMask ? findMask(file.readUInt32LE(start + 12)) : null;
  return red && green && blue ? [red, green, blue, alpha] : null;
}

/** Null for a mask without bits, or with gaps. */
function findMask(bits: number): BmpMask | null {
  if (bits === 0) return null;
  const shift = 31 - Math.clz32(bits & -bits);
  const largest = bits >>> shift;
  return (largest & (largest + 1)) === 0 ? { shift, largest } : null;
}
