/** The pixels of one square of a slide, brought to the asked scale: read from one level and resampled once. */
import { AppError } from '@microtome/domain/app-error';
import { placeOnLevel, type TileGrid } from '@microtome/domain/tiling/tile-grid';
import { releaseMemory } from '@microtome/slides/region/pixel-memory';
import type { Slide } from '@microtome/slides/slide';
import sharp from 'sharp';

const RGB = 3;

type WantedTile = {
  grid: TileGrid;
  /** From which it is read. */
  level: number;
  tilePx: number;
  /** In pixels of the tile's scale. */
  x: number;
  y: number;
};

/** In memory that is the caller's alone. @throws AppError BAD_INPUT where it cannot be read */
export async function cutTile(slide: Slide, wanted: WantedTile): Promise<Uint8Array> {
  const { grid, level: index, tilePx } = wanted;
  const level = slide.levels[index];
  if (!level)
    throw new AppError('BAD_INPUT', `${slide.path} is of a slide that has changed since it was opened.`);
  const square = { x: wanted.x * grid.scale, y: wanted.y * grid.scale, side: grid.side };
  const { x, y, side } = placeOnLevel(square, level);
  const pixels = await slide.readRegion(index, x, y, side, side);
  if (side === tilePx) return pixels;
  const fitted = await sharp(pixels, { raw: { width: side, height: side, channels: RGB } })
    .resize(tilePx, tilePx, { fit: 'fill', kernel: 'lanczos3' })
    .raw()
    .toBuffer();
  releaseMemory(pixels);
  return fitted;
}
