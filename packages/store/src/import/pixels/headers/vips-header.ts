/** What TIFF and WebP files claim, as the decoder's own header readers tell it. */
import sharp, { type Metadata } from 'sharp';
import { accept, type Checked, refuse } from '../../refusal.ts';
import { findClaimFault, type ImageHeader, PLAIN_HEADER } from './image-header.ts';

/** The spaces of colours that are brought to sRGB here; others have no one way to it. */
const GREY_SPACES = ['b-w', 'grey16'];
const COLOUR_SPACES = ['srgb', 'rgb', 'rgb16'];
const CMYK_SPACE = 'cmyk';
const BITS_OF_DEPTH: Record<string, number> = { uchar: 8, ushort: 16 };

export async function readVipsHeader(file: Buffer, format: 'TIFF' | 'WebP'): Promise<Checked<ImageHeader>> {
  const metadata = await sharp(file)
    .metadata()
    .catch(() => null);
  if (!metadata)
    return refuse('UNREADABLE', `Its ${format} header is damaged, or of a kind that cannot be read.`);
  const { width, height, pages = 1 } = metadata;
  const refused = findClaimFault(width, metadata.pageHeight ?? height);
  if (refused) return refused;
  if (pages > 1) return refuse('NOT_ONE_PICTURE', `It holds ${pages} pictures; a patch is one.`);
  return checkColours(metadata, format) ?? accept(describe(metadata, format));
}

function checkColours({ depth, space }: Metadata, format: string): Checked<never> | null {
  const isKnownSpace = [...GREY_SPACES, ...COLOUR_SPACES, CMYK_SPACE].includes(space);
  if (!isKnownSpace)
    return refuse('COLOURS_UNCLEAR', `Its colours are kept as ${space}, which is not read here.`);
  const isKnownDepth = BITS_OF_DEPTH[depth] !== undefined && !(space === CMYK_SPACE && depth !== 'uchar');
  if (isKnownDepth) return null;
  const reason = `It is a ${format} of ${space} colours in numbers of the kind ${depth}; 8 and 16 bits of red, green and blue can be read.`;
  return refuse('COLOURS_UNCLEAR', reason);
}

function describe(metadata: Metadata, format: 'TIFF' | 'WebP'): ImageHeader {
  const { width, height, depth, space, hasAlpha, hasProfile, orientation } = metadata;
  return {
    ...PLAIN_HEADER,
    format,
    width,
    height,
    bitDepth: BITS_OF_DEPTH[depth] ?? 8,
    isGrey: GREY_SPACES.includes(space),
    isCmyk: space === CMYK_SPACE,
    hasPalette: metadata.isPalette,
    hasTransparency: hasAlpha ?? false,
    hasProfile: hasProfile ?? false,
    orientation: orientation ?? 1,
  };
}
