/** What the analyser needs to know of a version to run it and to read what it says. */

export type AnalysedModel = {
  onnxUrl: string;
  threshold: number;
  patchSizePx: number;
  /** Of its data; null where they do not tell. */
  micronsPerPixel: number | null;
};
