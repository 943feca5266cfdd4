/**
 * What is changed about a file's pixels on the way in, so that a patch becomes 8-bit RGB: counted and named in the
 * report, since a picture that looks different from its file is otherwise found much later or never. Files of a kind that
 * programs often get wrong are counted too.
 */

/** Code for programs → what it means, for people. */
export const CHANGE_SENTENCES = {
  TRANSPARENCY_TO_WHITE: 'Transparent pixels were laid on white.',
  SIXTEEN_BITS_TO_EIGHT: 'Colours of 16 bits were scaled to 8.',
  PROFILE_TO_SRGB: 'Colours were converted from the file’s own colour profile to sRGB.',
  GREY_TO_RGB: 'Grey became red, green and blue alike.',
  CMYK_TO_RGB: 'Colours of print (CMYK) became red, green and blue.',
  PALETTE_TO_RGB: 'Numbers of a palette became its colours, which are the same.',
  INTERLACED: 'Interlaced or progressive files were read whole, which changes no pixel.',
  CUT_TO_SQUARE: 'Pictures that are not square were cut to the square in their middle, as asked.',
  SQUEEZED_TO_SQUARE:
    'Pictures that are not square were drawn in to a square of their shorter side, as asked.',
  RESIZED: 'Pictures of another size than most were resized to it (Lanczos), as asked.',
  TURNED_UPRIGHT: 'The image was turned or mirrored as its EXIF orientation says.',
} as const;

export type ChangeCode = keyof typeof CHANGE_SENTENCES;

/** A file of the source (its path relative to the source's root) whose pixels were changed, and how. */
export type PixelChange = { path: string; code: ChangeCode };
