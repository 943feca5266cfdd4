/**
 * The tiles of a slide out of the scanner's file that its patches were cut from, from its own levels: the coarsest that is still fine
 * enough is read and brought to size. What no level of the file is near to is made of the four tiles below it.
 */
import { AppError } from '@microtome/domain/app-error';
import { measureTile, TILE_SIDE_PX, type TilePlace } from '@microtome/domain/slide/tile-pyramid';
import { openSlide } from '@microtome/slides/open-slide';
import type { Slide } from '@microtome/slides/slide';
import sharp from 'sharp';
import { drawFromBelow, type Remember, type Tile, type TileSource } from './tile-source.ts';

type SlideFile = { path: string; widthPx: number; heightPx: number };
type Rect = { x: number; y: number; width: number; height: number };

/** Of the pixels that are read for one tile: 16 times as many as it has. */
const READ_PIXELS_MAX = 16 * TILE_SIDE_PX ** 2;

/** Throws when it cannot be opened, or is another one than it was when patches were cut from it. The source holds it open until it is closed. */
export async function openFileSource(
  file: SlideFile,
  remember: Remember,
): Promise<TileSource & { close(): Promise<void> }> {
  const slide = await openSlide(file.path);
  const [finest] = slide.levels;
  if (finest?.width !== file.widthPx || finest.height !== file.heightPx) {
    await slide.close();
    throw new AppError('DAMAGED', `${file.path} is another slide than the one that patches were cut from.`);
  }

  async function drawTile(place: TilePlace): Promise<Tile> {
    const size = measureTile(file, place);
    const found = chooseRegion(slide, place, size);
    const pixels =
      found.width * found.height > READ_PIXELS_MAX
        ? await remember(`${place.level} ${place.column} ${place.row}`, () =>
            drawFromBelow(place, size, (quarter) => (hasTile(file, quarter) ? drawTile(quarter) : null)),
          )
        : await readTile(slide, found, size);
    return { ...size, pixels };
  }
  return { drawTile, close: () => slide.close() };
}

function chooseRegion(
  slide: Slide,
  { level, column, row }: TilePlace,
  size: { widthPx: number; heightPx: number },
) {
  const wanted = 2 ** level;
  const number = Math.max(
    0,
    slide.levels.findLastIndex(({ downsample }) => downsample <= wanted * 1.01),
  );
  const from = slide.levels[number]!;
  const scale = wanted / from.downsample;
  const [x, y] = [column, row].map((at) => Math.floor(at * TILE_SIDE_PX * scale)) as [number, number];
  const width = Math.max(1, Math.min(from.width - x, Math.round(size.widthPx * scale)));
  const height = Math.max(1, Math.min(from.height - y, Math.round(size.heightPx * scale)));
  return { level: number, x, y, width, height };
}

async function readTile(
  slide: Slide,
  { level, x, y, width, height }: Rect & { level: number },
  size: { widthPx: number; heightPx: number },
): Promise<Uint8Array> {
  const pixels = await slide.readRegion(level, x, y, width, height);
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .resize({ width: size.widthPx, height: size.heightPx, fit: 'fill' })
    .ensureAlpha()
    .raw()
    .toBuffer();
}

function hasTile(file: SlideFile, { level, column, row }: TilePlace): boolean {
  const side = TILE_SIDE_PX * 2 ** level;
  return column * side < file.widthPx && row * side < file.heightPx;
}
