/**
 * The tiles of one page: where each lies, checked against the file when the slide is opened, and how its bytes become
 * RGB. A tile without bytes was never scanned.
 */
import type { RandomAccessFile } from '../file/random-access-file.ts';
import type { TiledImage } from '../region/tiled-image.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import { decodeByCodec, decodeByLibvips, decodeJpeg } from '../tile/decode-tile.ts';
import { makeOneStripTiff } from './one-strip-tiff.ts';
import { checkDecodable, isJpeg2000, readJpegTables, type TiffPage } from './tiff-page.ts';
import { COMPRESSION, PHOTOMETRIC } from './tiff-tags.ts';

/** Whatever the coding, a tile's bytes are few beside its pixels; this much is added for headers. */
const HEADER_MAX_BYTES = 65_536;

type Places = { offsets: Float64Array; byteCounts: Float64Array };
type TilePage = TiffPage & { tile: NonNullable<TiffPage['tile']> };

export async function openTiffImage(
  file: RandomAccessFile,
  page: TilePage,
  name: string,
): Promise<TiledImage> {
  checkDecodable(file.path, page);
  const { width, height, tile } = page;
  const columns = Math.ceil(width / tile.width);
  const tileCount = columns * Math.ceil(height / tile.height);
  const places = await readPlaces(file, page, tileCount);
  const tables = await readJpegTables(page);
  const planes = page.isPlanar ? page.samplesPerPixel : 1;

  return {
    width,
    height,
    tileWidth: tile.width,
    tileHeight: tile.height,
    async decodeTile(column, row) {
      const what = `tile ${column}, ${row} of ${name}`;
      const indices = Array.from(
        { length: planes },
        (_, plane) => plane * tileCount + row * columns + column,
      );
      if (indices.every((index) => places.byteCounts[index] === 0)) return null;
      const parts = await Promise.all(
        indices.map((index) => file.read(places.offsets[index]!, places.byteCounts[index]!, what)),
      );
      try {
        return await decodeParts(page, parts, tables);
      } catch (error) {
        const reason = error instanceof Error ? error.message.split('\n')[0] : String(error);
        throw slideFault(file.path, `is damaged: ${what} cannot be decoded (${reason}).`, error);
      }
    },
  };
}

async function decodeParts(page: TilePage, parts: Buffer[], tables: Buffer | null): Promise<Uint8Array> {
  const { compression, photometric, tile: size } = page;
  if (compression === COMPRESSION.jpeg && !page.isPlanar) {
    const colour = photometric === PHOTOMETRIC.rgb ? 'RGB' : 'YCBCR';
    return decodeJpeg(parts[0]!, { size, colour, tables });
  }
  if (isJpeg2000(page)) {
    const colour = compression === COMPRESSION.aperioJpeg2000Ycc ? 'YCBCR' : 'RGB';
    return decodeByCodec(parts[0]!, { size, codec: 'JPEG_2000', colour });
  }
  const { samplesPerPixel, predictor } = page;
  const strip = makeOneStripTiff({ ...size, samplesPerPixel, compression, photometric, predictor, parts });
  return decodeByLibvips(strip, size);
}

/** Reads where every tile lies, and refuses the file when one of them is not there. */
async function readPlaces(file: RandomAccessFile, page: TilePage, tileCount: number): Promise<Places> {
  const { directory, tile, samplesPerPixel, isPlanar } = page;
  const count = tileCount * (isPlanar ? samplesPerPixel : 1);
  const offsets = await directory.readNumbers('tileOffsets', count);
  const byteCounts = await directory.readNumbers('tileByteCounts', count);
  if (offsets?.length !== count || byteCounts?.length !== count)
    throw slideFault(
      file.path,
      `is damaged: a level of ${formatNumber(page.width)} x ${formatNumber(page.height)} px has ${formatNumber(count)} tiles, and it names the places of ${formatNumber(Math.min(offsets?.length ?? 0, byteCounts?.length ?? 0))}.`,
    );
  const bytesMax = tile.width * tile.height * samplesPerPixel * 2 + HEADER_MAX_BYTES;
  for (let index = 0; index < count; index += 1) {
    const offset = offsets[index]!;
    const byteCount = byteCounts[index]!;
    if (byteCount > bytesMax)
      throw slideFault(
        file.path,
        `is damaged: tile ${index} claims ${formatNumber(byteCount)} bytes for ${formatNumber(tile.width)} x ${formatNumber(tile.height)} px.`,
      );
    if (offset + byteCount > file.sizeBytes)
      throw slideFault(
        file.path,
        `is cut off or damaged: tile ${index} of ${count} should be at bytes ${formatNumber(offset)} to ${formatNumber(offset + byteCount)}, and the file ends at byte ${formatNumber(file.sizeBytes)}.`,
      );
  }
  return { offsets, byteCounts };
}
