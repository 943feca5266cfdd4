/**
 * A slide as a pyramid of square tiles for a viewer: level 0 is the slide itself, each further level half of the one
 * before, the last one tile. Tiles at the right and lower edge are cut where the level ends.
 */
import { AppError } from '../app-error.ts';

/** A first view is then a handful of requests, each of which waits its turn on a busy server. */
export const TILE_SIDE_PX = 512;

type SlideSize = { widthPx: number; heightPx: number };

export type TilePlace = {
  /** How often the slide was halved. */
  level: number;
  column: number;
  row: number;
};

export function countTileLevels({ widthPx, heightPx }: SlideSize): number {
  let levels = 1;
  while (Math.max(widthPx, heightPx) > TILE_SIDE_PX * 2 ** (levels - 1)) levels += 1;
  return levels;
}

/** Width and height of the tile in pixels of its level. NOT_FOUND when the slide has no such tile. */
export function measureTile(slide: SlideSize, { level, column, row }: TilePlace): SlideSize {
  const levels = countTileLevels(slide);
  if (level >= levels) {
    throw new AppError('NOT_FOUND', `The slide has no level ${level}: its levels are 0 to ${levels - 1}.`);
  }
  const levelWidthPx = Math.ceil(slide.widthPx / 2 ** level);
  const levelHeightPx = Math.ceil(slide.heightPx / 2 ** level);
  const widthPx = Math.min(TILE_SIDE_PX, levelWidthPx - column * TILE_SIDE_PX);
  const heightPx = Math.min(TILE_SIDE_PX, levelHeightPx - row * TILE_SIDE_PX);
  if (widthPx <= 0 || heightPx <= 0) {
    const columns = Math.ceil(levelWidthPx / TILE_SIDE_PX);
    const rows = Math.ceil(levelHeightPx / TILE_SIDE_PX);
    throw new AppError(
      'NOT_FOUND',
      `Level ${level} of the slide has no tile ${column}_${row}: it has ${columns} columns and ${rows} rows.`,
    );
  }
  return { widthPx, heightPx };
}
