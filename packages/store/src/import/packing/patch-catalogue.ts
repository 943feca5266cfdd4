/**
 * The rows of an import's patches while they are collected: one typed column a field, since a million objects
 * would not fit into the memory that an import may use.
 */
import { createImportDigest } from './import-digest.ts';

export const PIXEL_HASH_BYTES = 32;

type CataloguedPatch = {
  /** PATIENT/CLASS/FILE. */
  name: string;
  patientKey: string;
  x: number;
  y: number;
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
  patientIndex: Int32Array;
  x: Int32Array;
  y: Int32Array;
  widthPx: Int32Array;
  heightPx: Int32Array;
  classPosition: Int8Array;
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
  /** Extent of the slide: the farthest right and bottom edge of its patches, strips included. */
  widthPx: number;
  heightPx: number;
};

export type PatchCatalogue = {
  patches: PatchColumns;
  strips: PatchColumns;
  patients: CataloguedPatient[];
  /** Patients come in ascending order, each with all its patches and strips. */
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
  const digest = createImportDigest();

  function addRow(columns: PatchColumns, row: CataloguedPatch): CataloguedPatient {
    if (patients.at(-1)?.key !== row.patientKey) {
      const classCounts = new Array<number>(classCount).fill(0);
      const empty = { patchCount: 0, classCounts, stripCount: 0, widthPx: 0, heightPx: 0 };
      patients.push({ key: row.patientKey, ...empty });
    }
    digest.add(row);
    const patientIndex = patients.length - 1;
    appendRow(columns, patientIndex, row);
    const patient = patients[patientIndex]!;
    patient.widthPx = Math.max(patient.widthPx, row.x + row.widthPx);
    patient.heightPx = Math.max(patient.heightPx, row.y + row.heightPx);
    return patient;
  }

  return {
    patches,
    strips,
    patients,
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
    patientIndex: new Int32Array(capacity),
    x: new Int32Array(capacity),
    y: new Int32Array(capacity),
    widthPx: new Int32Array(capacity),
    heightPx: new Int32Array(capacity),
    classPosition: new Int8Array(capacity),
    byteOffset: new Int32Array(capacity),
    pixelHash: new Uint8Array(capacity * PIXEL_HASH_BYTES),
  };
}

function appendRow(columns: PatchColumns, patientIndex: number, row: CataloguedPatch): void {
  const position = columns.count;
  columns.patientIndex[position] = patientIndex;
  columns.x[position] = row.x;
  columns.y[position] = row.y;
  columns.widthPx[position] = row.widthPx;
  columns.heightPx[position] = row.heightPx;
  columns.classPosition[position] = row.classPosition;
  columns.byteOffset[position] = row.byteOffset;
  columns.pixelHash.set(row.pixelHash, position * PIXEL_HASH_BYTES);
  columns.count += 1;
}
