/**
 * A slide of any size that a test makes for itself, with what is known of it: a board of glass, tissue and ink, drawn from a
 * seed, as a tiled pyramid of JPEG, and convex outlines on it. Tiles that look alike are written once, so that 8 billion
 * pixels are a small file.
 */
import { writeFile } from 'node:fs/promises';
import { createRandom, type SeededRandom } from '@microtome/domain/seeded-random';
import sharp from 'sharp';
import { makeTiff, type TiffFields } from './make-tiff.ts';

/** Of level 0: a block is all glass, all tissue or all ink. */
export const BLOCK_PX = 512;
const TILE_PX = 256;
/** Of its levels, from fine to coarse. */
export const DOWNSAMPLES = [1, 4, 16, 64];
const VARIANTS = 8;

export type Kind = 'glass' | 'tissue' | 'ink';
type Point = [number, number];
export type SeededSlide = {
  width: number;
  height: number;
  micronsPerPixel: number;
  columns: number;
  rows: number;
  kindAt(column: number, row: number): Kind;
  /** Convex, in pixels of level 0, each apart from the others; `hole` lies within the outer ring. */
  outlines: { ring: Point[]; hole: Point[] | null }[];
};

type Wish = { columns: number; rows: number; seed: number; micronsPerPixel: number };

/** The plan of a slide: nothing is written. */
export function planSeededSlide({ columns, rows, seed, micronsPerPixel }: Wish): SeededSlide {
  const random = createRandom(seed);
  const board: Kind[] = new Array(columns * rows).fill('glass');
  const between = (from: number, to: number) => from + Math.floor(random.next() * (to - from));
  const paint = (kind: Kind, box: { left: number; top: number; right: number; bottom: number }) => {
    for (let row = box.top; row < box.bottom; row += 1)
      for (let column = box.left; column < box.right; column += 1) board[row * columns + column] = kind;
  };
  // A bar of ink at the left; staircases of tissue, which enclose nothing, in the rest.
  paint('ink', { left: 1, top: 1, right: 3, bottom: Math.max(5, Math.floor(rows / 2)) });
  let top = 1;
  while (top + 3 < rows) {
    const height = Math.min(between(2, Math.max(3, Math.floor(rows / 3))), rows - 1 - top);
    const left = between(5, Math.max(6, Math.floor(columns / 3)));
    paint('tissue', {
      left,
      top,
      right: between(Math.floor(columns / 2), columns - 1),
      bottom: top + height,
    });
    top += height;
  }
  const size = { width: columns * BLOCK_PX, height: rows * BLOCK_PX };
  return {
    ...size,
    ...{ columns, rows, micronsPerPixel, outlines: drawOutlines(random, size) },
    kindAt: (column, row) => board[row * columns + column] ?? 'glass',
  };
}

/** In a grid of places, so that none meets another. */
function drawOutlines(random: SeededRandom, { width, height }: { width: number; height: number }) {
  const outlines: SeededSlide['outlines'] = [];
  const [across, down] = [4, 3];
  for (let place = 0; place < across * down; place += 1) {
    if (random.next() < 0.3) continue;
    const centre: Point = [
      ((place % across) + 0.5) * (width / across),
      (Math.floor(place / across) + 0.5) * (height / down),
    ];
    const radius = (0.2 + 0.25 * random.next()) * Math.min(width / across, height / down);
    const corners = 3 + Math.floor(random.next() * 6);
    const turn = random.next();
    const ringOf = (of: number): Point[] =>
      Array.from({ length: corners }, (_, corner) => {
        const angle = 2 * Math.PI * (turn + corner / corners);
        return [centre[0] + of * Math.cos(angle), centre[1] + of * Math.sin(angle)];
      });
    outlines.push({ ring: ringOf(radius), hole: random.next() < 0.5 ? ringOf(radius / 3) : null });
  }
  return outlines;
}

/** Writes it as a BigTIFF whose tags tell the scale; `asAperio`: with the words of that scanner, as in an SVS file. */
export async function writeSeededSlide(
  path: string,
  slide: SeededSlide,
  seed: number,
  { asAperio = false } = {},
): Promise<void> {
  const painter = new Painter(slide, seed);
  const directories = [];
  for (const downsample of DOWNSAMPLES) {
    const [width, height] = [slide.width / downsample, slide.height / downsample].map(Math.ceil) as [
      number,
      number,
    ];
    const tiles: Buffer[] = [];
    for (let row = 0; row < Math.ceil(height / TILE_PX); row += 1) {
      for (let column = 0; column < Math.ceil(width / TILE_PX); column += 1)
        tiles.push(await painter.paint(downsample, column, row));
    }
    const perCentimetre = 10_000 / (slide.micronsPerPixel * downsample);
    const fields: TiffFields = {
      ...{
        256: width,
        257: height,
        258: [8, 8, 8],
        259: 7,
        262: 6,
        277: 3,
        530: [1, 1],
        282: perCentimetre,
        283: perCentimetre,
      },
      ...{ 284: 1, 296: 3, 322: TILE_PX, 323: TILE_PX },
    };
    if (asAperio) fields[270] = `Aperio Image Library v12\n|AppMag = 40|MPP = ${slide.micronsPerPixel}`;
    directories.push({ fields, tiles });
  }
  await writeFile(path, makeTiff({ directories, big: true }));
}

/** GeoJSON as QuPath writes it. */
export function writeGeoJson({ outlines }: SeededSlide, className: string): string {
  const features = outlines.map(({ ring, hole }) => ({
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: (hole ? [ring, hole] : [ring]).map((one) => [...one, one[0]]) },
    properties: { objectType: 'annotation', classification: { name: className, color: [200, 0, 0] } },
  }));
  return JSON.stringify({ type: 'FeatureCollection', features });
}

class Painter {
  readonly #slide: SeededSlide;
  readonly #seed: number;
  readonly #painted = new Map<string, Buffer>();

  constructor(slide: SeededSlide, seed: number) {
    this.#slide = slide;
    this.#seed = seed;
  }

  async paint(downsample: number, column: number, row: number): Promise<Buffer> {
    const side = TILE_PX * downsample;
    const cells = Math.max(1, side / BLOCK_PX);
    const blocks: Kind[] = [];
    for (let y = 0; y < cells; y += 1) {
      for (let x = 0; x < cells; x += 1) {
        const [left, top] = [column * side + (x * side) / cells, row * side + (y * side) / cells];
        blocks.push(this.#slide.kindAt(Math.floor(left / BLOCK_PX), Math.floor(top / BLOCK_PX)));
      }
    }
    const variant = (column * 31 + row * 17) % VARIANTS;
    const key = `${blocks.join()}/${variant}`;
    const known = this.#painted.get(key);
    if (known) return known;
    const tile = await encodeTile(blocks, cells, createRandom(this.#seed + variant));
    this.#painted.set(key, tile);
    return tile;
  }
}

const COLOURS: Record<Kind, Point | [number, number, number]> = {
  glass: [241, 240, 242],
  tissue: [196, 120, 178],
  ink: [30, 70, 180],
};
/** How far a pixel may be from its colour, and how many pixels have one shade. */
const ROUGH: Record<Kind, number> = { glass: 2, tissue: 40, ink: 10 };
const GRAIN_PX = 4;

async function encodeTile(blocks: readonly Kind[], cells: number, random: SeededRandom): Promise<Buffer> {
  const pixels = Buffer.alloc(TILE_PX * TILE_PX * 3);
  const grains = TILE_PX / GRAIN_PX;
  const shades = Array.from({ length: grains * grains }, () => random.next() - 0.5);
  for (let at = 0; at < TILE_PX * TILE_PX; at += 1) {
    const [x, y] = [at % TILE_PX, Math.floor(at / TILE_PX)];
    const block = Math.floor((y * cells) / TILE_PX) * cells + Math.floor((x * cells) / TILE_PX);
    const kind = blocks[block] ?? 'glass';
    const shade = shades[Math.floor(y / GRAIN_PX) * grains + Math.floor(x / GRAIN_PX)]! * ROUGH[kind];
    for (let colour = 0; colour < 3; colour += 1)
      pixels[at * 3 + colour] = Math.min(255, Math.max(0, Math.round(COLOURS[kind][colour]! + shade)));
  }
  const raw = { width: TILE_PX, height: TILE_PX, channels: 3 as const };
  return sharp(pixels, { raw }).jpeg({ quality: 85, chromaSubsampling: '4:4:4' }).toBuffer();
}
