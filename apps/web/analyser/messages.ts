/**
 * What the analyser's page and its worker tell each other. Files go to the worker as they are; pictures and numbers come
 * back, each file's as soon as it is done.
 */
import type { DroppedFile } from '../files/read-dropped.ts';
import type { Engine } from './runtime-paths.ts';

export type EngineChoice = Engine | 'auto';

/** How what was dropped is to be read. */
export type AnalysisOptions = {
  /** Of the data that the model was trained on; null where they do not tell. */
  modelMicronsPerPixel: number | null;
  /** As a person says for images that do not tell it themselves. */
  imageMicronsPerPixel: number | null;
  /** Share of a patch's side by which the next one is shifted: 1 puts them edge to edge. */
  stride: number;
  /** Whether the parts of slides that are glass are left out. */
  skipsGlass: boolean;
};

export type ToWorker =
  | { kind: 'open'; model: ArrayBuffer; patchSizePx: number; engine: EngineChoice }
  | { kind: 'analyse'; files: readonly DroppedFile[]; options: AnalysisOptions }
  | { kind: 'cancel' };

/** A file that was looked at. Places are pixels of its finest level. */
export type AnalysedFile = {
  kind: 'PATCH' | 'REGION' | 'SLIDE';
  path: string;
  widthPx: number;
  heightPx: number;
  /** As it tells itself, or a person said; null where neither does. */
  micronsPerPixel: number | null;
  /** The grid of squares; from one to the next it is a step. */
  columns: number;
  rows: number;
  stepPx: number;
  /** Of the square that a patch shows. */
  sidePx: number;
  /** Where in the grid, row by row, the patches lie that were asked about. */
  cells: Int32Array;
  probabilities: Float32Array;
  /** Squares that are glass, and were not asked about. */
  glass: number;
  /** Squares that were not reached before the analysis was cancelled. */
  left: number;
  /** The whole of it, made small. Null of a patch. */
  overview: ImageBitmap | null;
};

/** A file that says nothing, and why, in a sentence. */
export type RefusedFile = { path: string; refusal: string };

export type Progress = {
  /** 0 to 1. */
  done: number;
  filesDone: number;
  files: number;
  patchesDone: number;
};

/** News come together, a few times a second, whatever many files are done between. */
export type FromWorker =
  | { kind: 'opened'; engine: Engine; threads: number; note: string | null }
  | { kind: 'unusable'; reason: string }
  | { kind: 'news'; progress: Progress; analysed: AnalysedFile[]; refused: RefusedFile[] }
  | { kind: 'finished'; cancelled: boolean; seconds: number; patches: number };
