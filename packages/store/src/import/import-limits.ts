/**
 * What an import accepts at most. Every bound is checked before the work that it bounds, so that a hostile
 * file costs no more than its refusal. Real patches stay below each by an order of magnitude.
 */

export const IMPORT_LIMITS = {
  /**
   * Files (or zip entries) in one source. Each takes half a kilobyte of memory during the import, which has 600 MB
   * in all; the public IDC archive, with its known double copy, holds 555,048.
   */
  filesMax: 600_000,
  /** Bytes of one image file, packed or not. */
  fileBytesMax: 8 * 1024 * 1024,
  /** Bytes of a table within a zip, which is read whole; elsewhere tables are read a piece at a time. */
  tableBytesMax: 128 * 1024 * 1024,
  /** Bytes of an HDF5 container within a zip, which is unpacked to disk; PatchCamelyon's largest has 7.5 GB. */
  containerBytesMax: 16 * 1024 * 1024 * 1024,
  /** Rows of a manifest: each file may be named twice. */
  tableRowsMax: 1_200_000,
  /** Side of a dataset's patches; at a slide's edge they may be smaller. */
  patchSidePxMin: 16,
  /** Width and height that a header may claim. */
  patchSidePxMax: 1024,
  /** Folders below the root. IDC needs two, three with the wrapper folder. */
  folderDepthMax: 8,
  /** Inflated bytes per packed byte of a zip entry that is larger than `ratioCheckedFromBytes`. */
  inflateRatioMax: 100,
  ratioCheckedFromBytes: 64 * 1024,
  /** Refused files that are listed, in all and per code; all of them are counted. */
  refusalsListedMax: 10_000,
  refusalsListedPerCodeMax: 2_000,
} as const;
