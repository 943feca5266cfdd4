/** One patch of a slide in the form of a file: cut and brought to its scale when it is read. */
import { AppError } from '@microtome/domain/app-error';
import type { TileGrid } from '@microtome/domain/tiling/tile-grid';
import { releaseMemory } from '@microtome/slides/region/pixel-memory';
import { writePpm } from '../pixels/headers/ppm-header.ts';
import { accept, type Checked, refuse } from '../refusal.ts';
import type { SlideFile, SourceFile } from '../source/patch-source.ts';
import { cutTile } from './cut-tile.ts';
import type { SlideShelf } from './slide-shelf.ts';

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
      const pixels = await shelf.use(file.path, (slide) =>
        cutTile(slide, { ...this.#slide, x: this.#x, y: this.#y }),
      );
      const ppm = writePpm(pixels, { width: tilePx, height: tilePx });
      releaseMemory(pixels);
      return accept(ppm);
    } catch (error) {
      if (!(error instanceof AppError) || isStrict) throw error;
      return refuse('UNREADABLE', error.message);
    }
  }
}
