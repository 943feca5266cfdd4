/** The TIFF tags that a slide is read by, and what its codes of compression are called. */

export const TAGS = {
  newSubfileType: 254,
  imageWidth: 256,
  imageLength: 257,
  bitsPerSample: 258,
  compression: 259,
  photometric: 262,
  imageDescription: 270,
  samplesPerPixel: 277,
  xResolution: 282,
  yResolution: 283,
  planarConfiguration: 284,
  resolutionUnit: 296,
  predictor: 317,
  tileWidth: 322,
  tileLength: 323,
  tileOffsets: 324,
  tileByteCounts: 325,
  subDirectories: 330,
  jpegTables: 347,
  xmp: 700,
  hamamatsuFormat: 65_420,
} as const;

export type TagName = keyof typeof TAGS;

export const COMPRESSION = {
  none: 1,
  lzw: 5,
  jpeg: 7,
  deflate: 8,
  deflateOld: 32_946,
  aperioJpeg2000Ycc: 33_003,
  aperioJpeg2000Rgb: 33_005,
} as const;

const COMPRESSION_NAMES: Record<number, string> = {
  1: 'uncompressed',
  2: 'CCITT',
  3: 'CCITT fax 3',
  4: 'CCITT fax 4',
  5: 'LZW',
  6: 'old-style JPEG',
  7: 'JPEG',
  8: 'deflate',
  22610: 'Hamamatsu JPEG XR',
  32773: 'PackBits',
  32946: 'deflate',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000 (34712)',
  34887: 'LERC',
  34925: 'LZMA',
  34933: 'PNG',
  34934: 'JPEG XR',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};

export function nameCompression(code: number): string {
  const name = COMPRESSION_NAMES[code];
  return name ? `${name} (TIFF compression ${code})` : `TIFF compression ${code}`;
}

export const PHOTOMETRIC = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, yCbCr: 6 } as const;
