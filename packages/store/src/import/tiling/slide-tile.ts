/** One patch of a slide in the form of a file: cut and brought to its scale when it is read. */
import { AppError } from '@microtome/domain/app-error';
import { placeOnLevel, type TileGrid } from '@microtome/domain/tiling/tile-grid';
import type { Slide } from '@microtome/slides/slide';
import sharp from 'sharp';
import { writePpm } from '../pixels/headers/ppm-header.ts';
import { accept, type Checked, refuse } from '../refusal.ts';
import type { SlideFile, SourceFile } from '../source/patch-source.ts';
import type { SlideShelf } from './slide-shelf.ts';

const RGB = 3;

/** What the patches of one slide have in common. */
type CutSlide = {
  /** Within its source. */
  path: string;
  file: SlideFile;
  grid: TileGrid;
  /** From which the patches are read. */
  level: number;
  tilePx: number;
  /** Whether a patch that cannot be read ends the import. */
  isStrict: boolean;
  shelf: SlideShelf;
};

export class SlideTile implements SourceFile {
  readonly #slide: CutSlide;
  readonly #x: number;
  readonly #y: number;

  /** In pixels of the patches' scale. */
  constructor(slide: CutSlide, { x, y }: { x: number; y: number }) {
    this.#slide = slide;
    this.#x = x;
    this.#y = y;
  }

  get path(): string {
    return `${this.#slide.path}#x${this.#x},y${this.#y}`;
  }

  get cutFrom(): SlideFile {
    return this.#slide.file;
  }

  async read(): Promise<Checked<Uint8Array>> {
    const { file, isStrict, shelf, tilePx } = this.#slide;
    try {
      const pixels = await shelf.use(file.path, (slide) => this.#cut(slide));
      return accept(writePpm(pixels, { width: tilePx, height: tilePx }));
    } catch (error) {
      if (!(error instanceof AppError) || isStrict) throw error;
      return refuse('UNREADABLE', error.message);
    }
  }

  async #cut(slide: Slide): Promise<Uint8Array> {
    const { grid, level: index, tilePx } = this.#slide;
    const level = slide.levels[index];
    if (!level)
      throw new AppError('BAD_INPUT', `${this.path} is of a slide that has changed since it was opened.`);
    const square = { x: this.#x * grid.scale, y: this.#y * grid.scale, side: grid.side };
    const { x, y, side } = placeOnLevel(square, level);
    const pixels = await slide.readRegion(index, x, y, side, side);
    if (side === tilePx) return pixels;
    return sharp(pixels, { raw: { width: side, height: side, channels: RGB } })
      .resize(tilePx, tilePx, { fit: 'fill', kernel: 'lanczos3' })
      .raw()
      .toBuffer();
  }
}
