/**
 * The tiles of a slide that is put together from its patches. Fine tiles are drawn from the patches themselves; a coarse one is
 * made of the four below it, so that a slide of any size is read in pieces. What holds no patch is never looked into.
 */
import { invariant } from '@microtome/domain/app-error';
import {
  countTileLevels,
  measureTile,
  TILE_SIDE_PX,
  type TilePlace,
} from '@microtome/domain/slide/tile-pyramid';
import type { AssembledSlide, PatchOnSlide } from '@microtome/store/dataset/slide-patches';
import { drawPatches, type PlacedPatch } from '../tissue-picture.ts';
import { halveTiles } from './halve-tiles.ts';

/** RGBA, row by row. */
export type Tile = { widthPx: number; heightPx: number; pixels: Uint8Array };

export type TileSource = {
  /** Transparent where the slide holds nothing. NOT_FOUND when there is no such tile. */
  drawTile(place: TilePlace): Promise<Tile>;
};

/** Keeps what coarser tiles are made of, as far as there is room. */
export type Remember = (name: string, draw: () => Promise<Uint8Array>) => Promise<Uint8Array>;

type TileSourceNeeds = {
  /** Pixels of the patches, in their order. */
  readPatches(places: readonly PatchOnSlide[]): Promise<Uint8Array[]>;
  remember: Remember;
};

/** The coarsest level that is drawn from patches: a tile of it stands for 2,048 pixels across and down. */
const PATCH_LEVEL = 2;
const RGBA = 4;

type Assembled = Pick<AssembledSlide, 'widthPx' | 'heightPx' | 'patches'>;

export function createTileSource(slide: Assembled, needs: TileSourceNeeds): TileSource {
  const { readPatches, remember } = needs;
  const filed = filePatches(slide.patches);
  const occupied = listOccupied([...filed.keys()], countTileLevels(slide));

  async function drawTile(place: TilePlace): Promise<Tile> {
    const size = measureTile(slide, place);
    const name = nameTile(place);
    if (place.level < PATCH_LEVEL) return { ...size, pixels: await drawFromPatches(place, size) };
    if (!occupied.has(name)) return { ...size, pixels: new Uint8Array(size.widthPx * size.heightPx * RGBA) };
    const draw = place.level === PATCH_LEVEL ? drawFromPatches : drawFromQuarters;
    return { ...size, pixels: await remember(name, () => draw(place, size)) };
  }

  const drawFromQuarters = (place: TilePlace, size: TileSize) =>
    drawFromBelow(place, size, (quarter) => (occupied.has(nameTile(quarter)) ? drawTile(quarter) : null));

  async function drawFromPatches(place: TilePlace, size: TileSize): Promise<Uint8Array> {
    const touched = listTouched(filed, place);
    const pixels = await readPatches(touched);
    const patches = touched.map((patch, at): PlacedPatch => {
      const own = pixels[at];
      invariant(own, `patch ${patch.index} has pixels`);
      return { ...patch, pixels: own };
    });
    const [left, top] = [place.column * TILE_SIDE_PX, place.row * TILE_SIDE_PX];
    const view = { left, top, width: size.widthPx, height: size.heightPx, scale: 2 ** place.level };
    return drawPatches(patches, view);
  }

  return { drawTile };
}

/** `draw` gives null for a tile that is not there or holds nothing. */
export async function drawFromBelow(
  place: TilePlace,
  size: TileSize,
  draw: (quarter: TilePlace) => Promise<Tile> | null,
): Promise<Uint8Array> {
  const quarters: (Tile | null)[] = [];
  // One after the other: four at once on every level would hold the whole slide in memory.
  for (const quarter of listQuarters(place)) quarters.push(await draw(quarter));
  return halveTiles(quarters, size);
}

type TileSize = { widthPx: number; heightPx: number };
type FiledPatches = ReadonlyMap<string, readonly PatchOnSlide[]>;

/** The patches that a tile of the patch level or a finer one shows. */
function listTouched(filed: FiledPatches, { level, column, row }: TilePlace): PatchOnSlide[] {
  const side = TILE_SIDE_PX * 2 ** level;
  const [left, top] = [column * side, row * side];
  const shift = PATCH_LEVEL - level;
  const near = filed.get(nameTile({ level: PATCH_LEVEL, column: column >> shift, row: row >> shift })) ?? [];
  return near.filter(
    ({ x, y, widthPx, heightPx }) =>
      x < left + side && x + widthPx > left && y < top + side && y + heightPx > top,
  );
}

/** Every patch with each tile of the patch level that it touches. */
function filePatches(patches: readonly PatchOnSlide[]): Map<string, PatchOnSlide[]> {
  const side = TILE_SIDE_PX * 2 ** PATCH_LEVEL;
  const filed = new Map<string, PatchOnSlide[]>();
  for (const patch of patches) {
    const lastRow = Math.floor((patch.y + patch.heightPx - 1) / side);
    const lastColumn = Math.floor((patch.x + patch.widthPx - 1) / side);
    for (let row = Math.floor(patch.y / side); row <= lastRow; row++) {
      for (let column = Math.floor(patch.x / side); column <= lastColumn; column++) {
        const name = nameTile({ level: PATCH_LEVEL, column, row });
        const found = filed.get(name);
        if (found) found.push(patch);
        else filed.set(name, [patch]);
      }
    }
  }
  return filed;
}

/** The names of all tiles from the patch level on that hold something. */
function listOccupied(filed: readonly string[], levels: number): Set<string> {
  const occupied = new Set(filed);
  for (const name of filed) {
    const [, column = 0, row = 0] = name.split(' ').map(Number);
    for (let level = PATCH_LEVEL + 1; level < levels; level++) {
      const shift = level - PATCH_LEVEL;
      occupied.add(nameTile({ level, column: column >> shift, row: row >> shift }));
    }
  }
  return occupied;
}

/** Left and right above, left and right below. */
function listQuarters({ level, column, row }: TilePlace): TilePlace[] {
  return [0, 1].flatMap((down) =>
    [0, 1].map((right) => ({ level: level - 1, column: 2 * column + right, row: 2 * row + down })),
  );
}

function nameTile({ level, column, row }: TilePlace): string {
  return `${level} ${column} ${row}`;
}
