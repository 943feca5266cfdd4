/** One directory of a TIFF, by geotiff: its size, how its pixels are kept, and where its tiles or strips lie. */
import type { GeoTIFFImage } from 'geotiff';
import { checkLevelSize, FileFault, formatNumber } from '../source/pixel-source.ts';

type Coding = 'NONE' | 'LZW' | 'DEFLATE' | 'JPEG';

const CODINGS: Readonly<Record<number, Coding>> = {
  1: 'NONE',
  5: 'LZW',
  7: 'JPEG',
  8: 'DEFLATE',
  32946: 'DEFLATE',
};
const OTHER_CODINGS: Readonly<Record<number, string>> = {
  2: 'CCITT',
  6: 'JPEG of the old kind',
  33003: 'JPEG 2000',
  33005: 'JPEG 2000',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34933: 'PNG',
  50000: 'Zstandard',
  50001: 'WebP',
  50002: 'JPEG XL',
  52546: 'JPEG XL',
};
/** Those of JPEG 2000 that workers decode. */
const OF_WORKERS = new Set([33003, 33005]);
const YCBCR = 6;
const RGB = 2;
const BLACK_IS_ZERO = 1;
const TILE_PIXELS_MAX = 16_777_216;
const TILES_MAX = 4_000_000;

export type TiffPage = {
  width: number;
  height: number;
  /** Strips are tiles as wide as the picture. */
  isTiled: boolean;
  tile: { width: number; height: number };
  coding: Coding;
  /** Of a pixel. */
  samples: number;
  isYcbcr: boolean;
  predictor: number;
  jpegTables: Uint8Array<ArrayBuffer> | null;
  description: string;
  offsets: ArrayLike<number | bigint>;
  byteCounts: ArrayLike<number | bigint>;
};

type Tags = GeoTIFFImage['fileDirectory'];

export function readPageSize({ fileDirectory: tags }: GeoTIFFImage): { width: number; height: number } {
  return {
    width: Number(tags.getValue('ImageWidth') ?? 0),
    height: Number(tags.getValue('ImageLength') ?? 0),
  };
}

export function isTiledPage({ fileDirectory: tags }: GeoTIFFImage): boolean {
  return tags.hasTag('TileWidth') && tags.hasTag('TileOffsets');
}

/** `what` says which picture of the file it is. @throws FileFault where it cannot become RGB with a byte a colour */
export async function readTiffPage(image: GeoTIFFImage, what: string): Promise<TiffPage> {
  const { fileDirectory: tags } = image;
  const size = readPageSize(image);
  checkLevelSize(size);
  const samples = Number(tags.getValue('SamplesPerPixel') ?? 1);
  const coding = readCoding(tags, what);
  const isYcbcr = readColours(tags, { samples, coding, what });
  const predictor = Number((await tags.loadValue('Predictor')) ?? 1);
  if (predictor !== 1 && predictor !== 2)
    throw new FileFault(`keeps ${what} with the predictor ${predictor}, which cannot be read here.`);
  const isTiled = isTiledPage(image);
  const tile = readTileSize(tags, size, isTiled);
  const tables = await tags.loadValue('JPEGTables');
  return {
    ...size,
    isTiled,
    tile,
    coding,
    samples,
    isYcbcr,
    predictor,
    jpegTables: tables ? Uint8Array.from(tables as ArrayLike<number>) : null,
    description: String((await tags.loadValue('ImageDescription')) ?? ''),
    offsets: toList(await tags.loadValue(isTiled ? 'TileOffsets' : 'StripOffsets')),
    byteCounts: toList(await tags.loadValue(isTiled ? 'TileByteCounts' : 'StripByteCounts')),
  };
}

function readCoding(tags: Tags, what: string): Coding {
  const compression = Number(tags.getValue('Compression') ?? 1);
  const coding = CODINGS[compression];
  if (coding) return coding;
  const name = OTHER_CODINGS[compression] ?? `compression ${compression}`;
  const elsewhere = OF_WORKERS.has(compression) ? '; ask a worker, by Slides' : '';
  throw new FileFault(`keeps ${what} as ${name}, which cannot be read here${elsewhere}.`);
}

/** Whether its colours are YCbCr. */
function readColours(tags: Tags, page: { samples: number; coding: Coding; what: string }): boolean {
  const { samples, coding, what } = page;
  const bits = toList(tags.getValue('BitsPerSample') ?? [1]);
  const photometric = Number(tags.getValue('PhotometricInterpretation') ?? RGB);
  if (Array.from(bits).some((one) => Number(one) !== 8))
    throw new FileFault(`has ${Number(bits[0])} bits a colour in ${what}; stained tissue has 8.`);
  if (Number(tags.getValue('PlanarConfiguration') ?? 1) !== 1)
    throw new FileFault(`keeps the colours of ${what} in planes of their own, which cannot be read here.`);
  const isYcbcr = photometric === YCBCR;
  const isColour =
    (photometric === RGB || (isYcbcr && coding === 'JPEG')) && (samples === 3 || samples === 4);
  if (isColour || (photometric === BLACK_IS_ZERO && samples === 1)) return isYcbcr;
  const channels = samples === 1 ? '1 channel' : `${samples} channels`;
  throw new FileFault(
    `has ${channels} with the colour code ${photometric} in ${what}; only RGB, YCbCr and grey can be read here.`,
  );
}

function readTileSize(tags: Tags, size: { width: number; height: number }, isTiled: boolean) {
  const rows = Math.min(size.height, Number(tags.getValue('RowsPerStrip') ?? size.height));
  const tile = isTiled
    ? { width: Number(tags.getValue('TileWidth')), height: Number(tags.getValue('TileLength') ?? 0) }
    : { width: size.width, height: rows };
  if (tile.width < 1 || tile.height < 1) throw new FileFault('is damaged: its tiles have no size.');
  const pixels = tile.width * tile.height;
  const count = Math.ceil(size.width / tile.width) * Math.ceil(size.height / tile.height);
  if (pixels > TILE_PIXELS_MAX || count > TILES_MAX)
    throw new FileFault(
      `claims ${formatNumber(count)} tiles of ${formatNumber(pixels)} pixels, which is more than can be read here.`,
    );
  return tile;
}

function toList(value: unknown): ArrayLike<number | bigint> {
  if (value === undefined || value === null) return [];
  return typeof value === 'number' || typeof value === 'bigint' ? [value] : (value as ArrayLike<number>);
}
