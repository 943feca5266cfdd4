/**
 * The rows of an import's patches while they are collected: one typed column a field, since a million objects
 * would not fit into the memory that an import may use.
 */
import { SUBSETS, type Subset } from '@microtome/domain/split/subset';
import type { SlideFile } from '../source/patch-source.ts';
import { createImportDigest } from './import-digest.ts';

export const PIXEL_HASH_BYTES = 32;

type CataloguedPatch = {
  /** What the digest names. */
  name: string;
  /** Within its source. */
  path: string;
  patientKey: string;
  slideKey: string;
  site: string | null;
  micronsPerPixel: number | null;
  givenSubset: Subset | null;
  /** The slide's own file, where it was cut from one. */
  cutFrom: SlideFile | null;
  /** Both null where the source tells no place. */
  x: number | null;
  y: number | null;
  widthPx: number;
  heightPx: number;
  classPosition: number;
  byteOffset: number;
  /** sha256 of the file, 32 bytes. */
  fileHash: Uint8Array;
  /** sha256 of the decoded pixels, 32 bytes. */
  pixelHash: Uint8Array;
};

/** The rows of one kind (full-size patches, or strips), in packing order. */
export type PatchColumns = {
  count: number;
  paths: string[];
  slideIndex: Int32Array;
  /** -1 where there is no place. */
  x: Int32Array;
  y: Int32Array;
  widthPx: Int32Array;
  heightPx: Int32Array;
  classPosition: Int8Array;
  /** Index into SUBSETS, -1 where the publisher gives no side. */
  givenSubset: Int8Array;
  byteOffset: Int32Array;
  /** 32 bytes a row. */
  pixelHash: Uint8Array;
};

export type CataloguedPatient = {
  key: string;
  patchCount: number;
  /** Full-size patches of each class, by position. */
  classCounts: number[];
  stripCount: number;
};

export type CataloguedSlide = {
  patientIndex: number;
  key: string;
  site: string | null;
  micronsPerPixel: number | null;
  file: SlideFile | null;
  /** The farthest right and bottom edge of its patches, strips included; null where they have no places. */
  widthPx: number | null;
  heightPx: number | null;
};

export type PatchCatalogue = {
  patches: PatchColumns;
  strips: PatchColumns;
  patients: CataloguedPatient[];
  /** By patient. */
  slides: CataloguedSlide[];
  /** Patients come in ascending order, each with all its slides, and these with all their patches and strips. */
  addPatch(patch: CataloguedPatch): void;
  addStrip(strip: CataloguedPatch): void;
  /** The import digest over everything added; the catalogue is complete then. */
  finishDigest(): string;
};

/** An empty catalogue with room for `capacity` patches and as many strips. */
export function createPatchCatalogue(capacity: number, classCount: number): PatchCatalogue {
  const patches = createColumns(capacity);
  const strips = createColumns(capacity);
  const patients: CataloguedPatient[] = [];
  const slides: CataloguedSlide[] = [];
  const digest = createImportDigest();

  function addRow(columns: PatchColumns, row: CataloguedPatch): CataloguedPatient {
    if (patients.at(-1)?.key !== row.patientKey) {
      const classCounts = new Array<number>(classCount).fill(0);
      patients.push({ key: row.patientKey, patchCount: 0, classCounts, stripCount: 0 });
    }
    digest.add(row);
    const patientIndex = patients.length - 1;
    if (slides.at(-1)?.patientIndex !== patientIndex || slides.at(-1)?.key !== row.slideKey) {
      slides.push(openSlide(patientIndex, row));
    }
    extendSlide(slides.at(-1)!, row);
    appendRow(columns, slides.length - 1, row);
    return patients[patientIndex]!;
  }

  return {
    patches,
    strips,
    patients,
    slides,
    addPatch(patch) {
      const patient = addRow(patches, patch);
      patient.patchCount += 1;
      patient.classCounts[patch.classPosition] = (patient.classCounts[patch.classPosition] ?? 0) + 1;
    },
    addStrip(strip) {
      addRow(strips, strip).stripCount += 1;
    },
    finishDigest: () => digest.finish(),
  };
}

function openSlide(patientIndex: number, row: CataloguedPatch): CataloguedSlide {
  const { slideKey: key, site, micronsPerPixel, cutFrom: file } = row;
  return { patientIndex, key, site, micronsPerPixel, file, widthPx: null, heightPx: null };
}

/** What the patches of a slide say differently of it is not known of it. */
function extendSlide(slide: CataloguedSlide, row: CataloguedPatch): void {
  if (slide.site !== row.site) slide.site = null;
  if (slide.micronsPerPixel !== row.micronsPerPixel) slide.micronsPerPixel = null;
  if (row.x === null || row.y === null) return;
  slide.widthPx = Math.max(slide.widthPx ?? 0, row.x + row.widthPx);
  slide.heightPx = Math.max(slide.heightPx ?? 0, row.y + row.heightPx);
}

/** Full-size patches of each class, of all patients together. */
export function sumClassCounts(patients: readonly Pick<CataloguedPatient, 'classCounts'>[]): number[] {
  const sums = (patients[0]?.classCounts ?? []).map(() => 0);
  for (const { classCounts } of patients) {
    classCounts.forEach((count, position) => {
      sums[position] = (sums[position] ?? 0) + count;
    });
  }
  return sums;
}

function createColumns(capacity: number): PatchColumns {
  return {
    count: 0,
    paths: [],
    slideIndex: new Int32Array(capacity),
    x: new Int32Array(capacity),
    y: new Int32Array(capacity),
    widthPx: new Int32Array(capacity),
    heightPx: new Int32Array(capacity),
    classPosition: new Int8Array(capacity),
    givenSubset: new Int8Array(capacity),
    byteOffset: new Int32Array(capacity),
    pixelHash: new Uint8Array(capacity * PIXEL_HASH_BYTES),
  };
}

function appendRow(columns: PatchColumns, slideIndex: number, row: CataloguedPatch): void {
  const position = columns.count;
  columns.slideIndex[position] = slideIndex;
  columns.paths.push(row.path);
  columns.x[position] = row.x ?? -1;
  columns.y[position] = row.y ?? -1;
  columns.givenSubset[position] = row.givenSubset === null ? -1 : SUBSETS.indexOf(row.givenSubset);
  columns.widthPx[position] = row.widthPx;
  columns.heightPx[position] = row.heightPx;
  columns.classPosition[position] = row.classPosition;
  columns.byteOffset[position] = row.byteOffset;
  columns.pixelHash.set(row.pixelHash, position * PIXEL_HASH_BYTES);
  columns.count += 1;
}
