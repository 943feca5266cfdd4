/**
 * What every slide is to its readers, whatever scanner wrote it: levels from fine to coarse, µm per pixel where the file
 * tells it, the pictures beside the tissue, and regions as RGB. Limits on what a file may claim stand here, once.
 */

export type SlideFormat = 'TIFF' | 'APERIO' | 'OME_TIFF' | 'DICOM' | 'OPENSLIDE';

type SlideLevel = {
  width: number;
  height: number;
  /** How many pixels of level 0 one pixel of this level stands for, along one side. */
  downsample: number;
  tileWidth: number;
  tileHeight: number;
};

/** Label, macro or thumbnail: kept in the file, no part of the tissue's levels. */
export type AssociatedImage = { name: string; width: number; height: number };

/** Three bytes a pixel, row by row. */
export type RgbImage = { width: number; height: number; pixels: Uint8Array };

export type Slide = {
  readonly path: string;
  /** All that it is read from, by name: of a DICOM series several files. */
  readonly files: readonly string[];
  readonly format: SlideFormat;
  /** From fine to coarse; the first is what was scanned. */
  readonly levels: readonly SlideLevel[];
  /** Of level 0; null where the file does not tell it: it is asked for then, never guessed. */
  readonly micronsPerPixel: number | null;
  readonly associatedImages: readonly AssociatedImage[];
  /** A rectangle in the level's own pixels. What lies outside the level, or was never scanned, is white. */
  readRegion(level: number, x: number, y: number, width: number, height: number): Promise<Uint8Array>;
  readAssociatedImage(name: string): Promise<RgbImage>;
  close(): Promise<void>;
};

/** The longest side of a level: 20 cm of glass at 0.05 µm per pixel are four million pixels. */
export const LEVEL_SIDE_MAX_PX = 4_194_304;
export const TILE_MAX_PIXELS = 4096 * 4096;
/** A level of 370,000 x 370,000 px in tiles of 256. */
export const LEVEL_TILES_MAX = 2_097_152;
/** One region in memory: 192 MiB of RGB. */
export const REGION_MAX_PIXELS = 67_108_864;
