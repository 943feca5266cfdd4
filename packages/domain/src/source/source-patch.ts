/**
 * What a source tells of one patch, whichever way it came: the names of a layout, the rows of a manifest, the datasets of
 * an HDF5 file. What the source does not tell is null and stays so: nothing is guessed from another field.
 */
import type { Subset } from '../split/subset.ts';

export type SourcePatch = {
  /** The file within its source, with forward slashes; in a container of many patches, the container and `#` and the row. */
  path: string;
  /** A person. Keys are text, in composed characters (NFC), without spaces around them. */
  patient: string | null;
  slide: string | null;
  /** Centre, scanner or tissue source site of the slide. */
  site: string | null;
  /** Copies or neighbours of one picture, where a publisher lists them. */
  group: string | null;
  className: string | null;
  /** 0-based slide pixels of the top-left corner, both or neither. */
  x: number | null;
  y: number | null;
  micronsPerPixel: number | null;
  /** The side on which the publisher put it. */
  subset: Subset | null;
};

/** All but the file itself. */
export type PatchFacts = Omit<SourcePatch, 'path'>;

export const NOTHING_TOLD: PatchFacts = {
  patient: null,
  slide: null,
  site: null,
  group: null,
  className: null,
  x: null,
  y: null,
  micronsPerPixel: null,
  subset: null,
};
