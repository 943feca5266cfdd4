/**
 * What a layout is: a way in which a public dataset, and everybody who follows it, lays out files. It tells what the path
 * of a file says, and, where there is one, what a table next to the files says about them.
 */
import type { PatchFacts } from '../source-patch.ts';

export const LAYOUT_NAMES = [
  'idc',
  'idc-flat',
  'wilds',
  'breakhis',
  'kather',
  'lc25000',
  'mhist',
  'pcam-h5',
  'pcam-kaggle',
  'tcga-tiles',
  'class-folders',
] as const;

export type LayoutName = (typeof LAYOUT_NAMES)[number];

/** Why a file is not of its layout: the codes of an import's refusals that a path alone can earn. */
type LayoutFault = {
  code: 'NAME_UNPARSEABLE' | 'OUTSIDE_LAYOUT' | 'PATIENT_FOLDER_DISAGREES' | 'CLASS_FOLDER_DISAGREES';
  reason: string;
};

/** What a path tells; only the facts that are in it. */
export type LayoutReading = { ok: true; facts: Partial<PatchFacts> } | { ok: false; fault: LayoutFault };

/** The cell of a column by its name; null where it is missing or the table has no such column. */
export type ReadCell = (column: string) => string | null;

/** A table that belongs to a layout, joined to the files by a key of its own. */
export type LayoutTable = {
  /** As shown to people, when it is missing. */
  fileName: string;
  isTable(path: string): boolean;
  /** Whether the patches are of no use without it. */
  isNeeded: boolean;
  columns: readonly string[];
  keyRow(cell: ReadCell, tablePath: string): string | null;
  keyPath(path: string): string;
  readRow(cell: ReadCell, tablePath: string): Partial<PatchFacts>;
};

/** The sides of the task that the publisher means, as far as the dataset has these classes. */
type LayoutTask = { name: string; positive: readonly string[]; negative?: readonly string[] };

export type Layout = {
  name: LayoutName;
  title: string;
  /** Whose keys its patients and slides have: datasets of one namespace share patients. */
  keysOf: string;
  /** Of a path, for people. */
  pattern: string;
  readPath(path: string): LayoutReading;
  /** All classes in their order, where the layout has a fixed list; otherwise those that are found, by name. */
  classes: readonly string[] | null;
  task: LayoutTask | null;
  table: LayoutTable | null;
  /** The magnification of a file, where the same fields are published at several: one dataset takes one of them. */
  readMagnification?(path: string): number | null;
  /** Whether names may count the first column and row as 1: then all do, unless one of them says 0. */
  mayCountFromOne: boolean;
  /** What to know about the set, said at its import. */
  remarks: readonly string[];
};

export function tell(facts: Partial<PatchFacts>): LayoutReading {
  return { ok: true, facts };
}

export function refuseName(pattern: string): LayoutReading {
  return {
    ok: false,
    fault: { code: 'NAME_UNPARSEABLE', reason: `Its name is not of the form ${pattern}.` },
  };
}

export function refusePlace(reason: string): LayoutReading {
  return { ok: false, fault: { code: 'OUTSIDE_LAYOUT', reason } };
}
