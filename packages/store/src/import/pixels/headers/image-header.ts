/**
 * The outside of an image file, whatever kind it is: what it says it is, before any decoder is let near it. Readers of
 * the kinds are next to this file.
 */
import { IMPORT_LIMITS } from '../../import-limits.ts';
import { type Checked, refuse } from '../../refusal.ts';

type ImageFormat = 'PNG' | 'JPEG' | 'TIFF' | 'WebP' | 'BMP' | 'PPM';

export type ImageHeader = {
  format: ImageFormat;
  /** In pixels, as claimed, before the image is turned by its orientation. */
  width: number;
  height: number;
  /** Of one colour of one pixel, or of an entry number of the palette. */
  bitDepth: number;
  isGrey: boolean;
  isCmyk: boolean;
  hasPalette: boolean;
  /** Rows, or fineness, in several passes. */
  isInterlaced: boolean;
  /** Whether any pixel may be transparent: by an alpha channel, a transparent colour or entries of the palette. */
  hasTransparency: boolean;
  hasProfile: boolean;
  /** 1 to 8 as EXIF counts; 1 is upright. */
  orientation: number;
  /** Whether the part that ends such a file is there. */
  isWhole: boolean;
};

/** What a plain file of 8-bit colours says; each kind says what differs. */
export const PLAIN_HEADER = {
  bitDepth: 8,
  isGrey: false,
  isCmyk: false,
  hasPalette: false,
  isInterlaced: false,
  hasTransparency: false,
  hasProfile: false,
  orientation: 1,
  isWhole: true,
} satisfies Omit<ImageHeader, 'format' | 'width' | 'height'>;

const PLAIN_FACTS = Object.entries(PLAIN_HEADER) as [keyof typeof PLAIN_HEADER, unknown][];

/** Whether the decoder gives 8-bit red, green and blue of its own accord, and nothing of it is to be changed or told. */
export function isPlain(header: ImageHeader): boolean {
  if (header.format !== 'JPEG' && header.format !== 'PNG') return false;
  return PLAIN_FACTS.every(([name, plain]) => header[name] === plain);
}

/** The fault of a size that no patch has. */
export function findClaimFault(width: number, height: number): Checked<never> | null {
  if (width === 0 || height === 0) return refuse('UNREADABLE', `It claims ${width} x ${height} pixels.`);
  const limit = IMPORT_LIMITS.patchSidePxMax;
  if (width <= limit && height <= limit) return null;
  const reason = `It claims ${width} x ${height} pixels; a patch has at most ${limit} x ${limit}.`;
  return refuse('IMAGE_TOO_LARGE', reason);
}
