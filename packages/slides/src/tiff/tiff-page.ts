/**
 * One directory of a TIFF as a picture: its size, how its pixels are kept, and its tiles where it has them. Whether it is
 * a level of the slide is decided elsewhere; here stands what this product can decode, and the sentence for the rest.
 */
import type { RandomAccessFile } from '../file/random-access-file.ts';
import { LEVEL_SIDE_MAX_PX, LEVEL_TILES_MAX, TILE_MAX_PIXELS } from '../slide.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import type { TiffDirectory } from './tiff-directories.ts';
import { COMPRESSION, nameCompression, PHOTOMETRIC } from './tiff-tags.ts';

/** OME-XML may name thousands of planes; only the first page has it. */
const FIRST_DESCRIPTION_MAX_BYTES = 16 * 1024 * 1024;
const DESCRIPTION_MAX_BYTES = 16 * 1024;
const JPEG_TABLES_MAX_BYTES = 64 * 1024;
/** More numbers than any field but those of tiles has. */
const VALUES_MAX = 64;
const DECODED: readonly number[] = Object.values(COMPRESSION);
const IS_JPEG_2000: readonly number[] = [COMPRESSION.aperioJpeg2000Rgb, COMPRESSION.aperioJpeg2000Ycc];

export type TiffPage = {
  directory: TiffDirectory;
  /** Its place in the chain of directories; null below another page. */
  index: number | null;
  width: number;
  height: number;
  /** Null for a page of strips. */
  tile: { width: number; height: number } | null;
  bitsPerSample: number;
  samplesPerPixel: number;
  compression: number;
  photometric: number;
  /** Samples in planes of their own, one after another. */
  isPlanar: boolean;
  predictor: number;
  description: string;
};

export async function readTiffPage(
  file: RandomAccessFile,
  directory: TiffDirectory,
  index: number | null,
): Promise<TiffPage> {
  const first = async (tag: Parameters<TiffDirectory['readNumbers']>[0], missing: number) =>
    (await directory.readNumbers(tag, VALUES_MAX))?.[0] ?? missing;
  const descriptionMaxBytes = index === 0 ? FIRST_DESCRIPTION_MAX_BYTES : DESCRIPTION_MAX_BYTES;
  const isTiled = directory.has('tileWidth') && directory.has('tileOffsets');
  const page: TiffPage = {
    directory,
    index,
    width: await first('imageWidth', 0),
    height: await first('imageLength', 0),
    tile: isTiled ? { width: await first('tileWidth', 0), height: await first('tileLength', 0) } : null,
    bitsPerSample: await first('bitsPerSample', 1),
    samplesPerPixel: await first('samplesPerPixel', 1),
    compression: await first('compression', COMPRESSION.none),
    photometric: await first('photometric', PHOTOMETRIC.rgb),
    isPlanar: (await first('planarConfiguration', 1)) === 2,
    predictor: await first('predictor', 1),
    description: (await directory.readText('imageDescription', descriptionMaxBytes)) ?? '',
  };
  checkSizes(file.path, page);
  return page;
}

/** The tables that all tiles of a page share. */
export async function readJpegTables({ directory }: TiffPage): Promise<Buffer | null> {
  return directory.readBytes('jpegTables', JPEG_TABLES_MAX_BYTES);
}

function checkSizes(path: string, { width, height, tile }: TiffPage): void {
  const claim = `claims a picture of ${formatNumber(width)} x ${formatNumber(height)} px`;
  if (width === 0 || height === 0) throw slideFault(path, `is damaged: it ${claim}.`);
  if (Math.max(width, height) > LEVEL_SIDE_MAX_PX)
    throw slideFault(path, `${claim}; no side may be longer than ${formatNumber(LEVEL_SIDE_MAX_PX)} px.`);
  if (!tile) return;
  const tileClaim = `${claim} in tiles of ${formatNumber(tile.width)} x ${formatNumber(tile.height)} px`;
  if (tile.width === 0 || tile.height === 0) throw slideFault(path, `is damaged: it ${tileClaim}.`);
  if (tile.width * tile.height > TILE_MAX_PIXELS)
    throw slideFault(path, `${tileClaim}; a tile may have at most ${formatNumber(TILE_MAX_PIXELS)} pixels.`);
  const count = Math.ceil(width / tile.width) * Math.ceil(height / tile.height);
  if (count > LEVEL_TILES_MAX)
    throw slideFault(path, `${tileClaim}; a level may have at most ${formatNumber(LEVEL_TILES_MAX)} tiles.`);
}

/** Throws unless the tiles of this page can become RGB with one byte a colour. */
export function checkDecodable(path: string, page: TiffPage): void {
  const { bitsPerSample, samplesPerPixel, compression, photometric } = page;
  if (!DECODED.includes(compression))
    throw slideFault(path, `keeps its tiles as ${nameCompression(compression)}, which cannot be read here.`);
  if (bitsPerSample !== 8)
    throw slideFault(
      path,
      `has ${bitsPerSample} bits a colour; a slide of stained tissue has 8, in red, green and blue.`,
    );
  checkCombination(path, page);
  const colours: readonly number[] = [PHOTOMETRIC.rgb, PHOTOMETRIC.yCbCr];
  // JPEG 2000 tiles say themselves what they hold, and some scanners leave the field out.
  const isColour = colours.includes(photometric) && (samplesPerPixel === 3 || samplesPerPixel === 4);
  const isGrey = photometric === PHOTOMETRIC.blackIsZero && samplesPerPixel === 1;
  if (!isColour && !isGrey && !isJpeg2000(page))
    throw slideFault(
      path,
      `has ${samplesPerPixel} ${samplesPerPixel === 1 ? 'channel' : 'channels'} with the colour code ${photometric}; only RGB, YCbCr and grey can be read here.`,
    );
}

/** What TIFF allows and no slide was seen to use. */
function checkCombination(path: string, page: TiffPage): void {
  const { compression, photometric, predictor, isPlanar } = page;
  const coding = nameCompression(compression);
  const isJpeg = compression === COMPRESSION.jpeg;
  if (isPlanar && (isJpeg || isJpeg2000(page)))
    throw slideFault(
      path,
      `keeps its colours in planes of their own as ${coding}, which cannot be read here.`,
    );
  if (photometric === PHOTOMETRIC.yCbCr && !isJpeg && !isJpeg2000(page))
    throw slideFault(path, `keeps YCbCr colours as ${coding}, which cannot be read here.`);
  if (predictor !== 1 && predictor !== 2)
    throw slideFault(path, `keeps its tiles with the predictor ${predictor}, which cannot be read here.`);
}

export function isJpeg2000({ compression }: TiffPage): boolean {
  return IS_JPEG_2000.includes(compression);
}
