/**
 * A rectangle of a tiled picture, put together from its tiles: a few at a time, each decoded once, copied and let go, so
 * that memory is the region's own and a bounded number of tiles, whatever the size of the slide.
 */
import { REGION_MAX_PIXELS } from '../slide.ts';
import { formatNumber, slideFault } from '../slide-fault.ts';
import type { TileCache } from './tile-cache.ts';
import type { TiledImage } from './tiled-image.ts';

const TILES_AT_ONCE = 8;
/** Of decoded tiles at once, so that few large ones are as cheap as many small ones. */
const DECODED_MAX_BYTES = 128 * 1024 * 1024;
const WHITE = 255;

type Region = { x: number; y: number; width: number; height: number };
type RegionSource = { path: string; name: string; image: TiledImage; cache: TileCache };

export async function readRegion(source: RegionSource, region: Region): Promise<Uint8Array> {
  checkRegion(source, region);
  const { image, name, cache } = source;
  const pixels = new Uint8Array(region.width * region.height * 3).fill(WHITE);
  const tiles = listTiles(image, region);
  const tileBytes = image.tileWidth * image.tileHeight * 3;
  const atOnce = Math.max(1, Math.min(TILES_AT_ONCE, Math.floor(DECODED_MAX_BYTES / tileBytes)));
  let next = 0;
  const work = async () => {
    for (let tile = tiles[next++]; tile; tile = tiles[next++]) {
      const { column, row } = tile;
      const copy = (decoded: Uint8Array | null) => {
        if (decoded) copyTile(image, { column, row, decoded }, { region, pixels });
      };
      await cache.use(`${name}/${column}/${row}`, () => image.decodeTile(column, row), copy);
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
  // Every tile has come to its end before a fault is told: nothing goes on behind the caller's back.
  for (const outcome of workers) if (outcome.status === 'rejected') throw outcome.reason;
  return pixels;
}

function checkRegion({ path, name }: RegionSource, { x, y, width, height }: Region): void {
  const text = `the region of ${width} x ${height} px at ${x}, ${y} of ${name}`;
  if (![x, y, width, height].every(Number.isSafeInteger) || width < 1 || height < 1)
    throw slideFault(path, `was asked for ${text}: whole numbers are needed, and a size of at least 1.`);
  if (width * height > REGION_MAX_PIXELS)
    throw slideFault(
      path,
      `was asked for ${text}: at most ${formatNumber(REGION_MAX_PIXELS)} pixels are read at once.`,
    );
}

function listTiles(image: TiledImage, { x, y, width, height }: Region): { column: number; row: number }[] {
  const tiles: { column: number; row: number }[] = [];
  const lastColumn = Math.floor((Math.min(x + width, image.width) - 1) / image.tileWidth);
  const lastRow = Math.floor((Math.min(y + height, image.height) - 1) / image.tileHeight);
  for (let row = Math.max(0, Math.floor(y / image.tileHeight)); row <= lastRow; row += 1) {
    for (let column = Math.max(0, Math.floor(x / image.tileWidth)); column <= lastColumn; column += 1)
      tiles.push({ column, row });
  }
  return tiles;
}

type PlacedTile = { column: number; row: number; decoded: Uint8Array };

/** Copies the part of a tile that lies in the region and in the picture: beyond the picture a tile holds padding. */
function copyTile(
  image: TiledImage,
  { column, row, decoded }: PlacedTile,
  { region, pixels }: { region: Region; pixels: Uint8Array },
): void {
  const left = column * image.tileWidth;
  const top = row * image.tileHeight;
  const fromX = Math.max(region.x, left);
  const toX = Math.min(region.x + region.width, left + image.tileWidth, image.width);
  const fromY = Math.max(region.y, top);
  const toY = Math.min(region.y + region.height, top + image.tileHeight, image.height);
  for (let y = fromY; y < toY; y += 1) {
    const source = ((y - top) * image.tileWidth + (fromX - left)) * 3;
    const target = ((y - region.y) * region.width + (fromX - region.x)) * 3;
    pixels.set(decoded.subarray(source, source + (toX - fromX) * 3), target);
  }
}
