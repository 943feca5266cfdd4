/**
 * Why one file was left out of an import: a code for programs, a sentence for people. A fault in one file is
 * a value here, never an exception, since an import goes on without that file.
 */
import { escapeUnprintable } from '@microtome/domain/printable-text';
import { IMPORT_LIMITS } from './import-limits.ts';

const REFUSAL_CODES = [
  'STRAY_FILE',
  'NAME_UNPARSEABLE',
  'OUTSIDE_LAYOUT',
  'PATIENT_FOLDER_DISAGREES',
  'CLASS_FOLDER_DISAGREES',
  'NO_CLASS',
  'NO_PATIENT',
  'NO_UNIT',
  'OTHER_MAGNIFICATION',
  'NOT_IN_MANIFEST',
  'ROW_WITHOUT_FILE',
  'DUPLICATE',
  'CONFLICTING_PIXELS',
  'CONFLICTING_CLASS',
  'BEYOND_A_SLIDE',
  'PATH_ESCAPES',
  'LINK',
  'NOT_A_FILE',
  'NOT_LISTED',
  'TOO_DEEP',
  'TOO_LARGE',
  'IMAGE_TOO_LARGE',
  'SUSPICIOUS_RATIO',
  'ENCRYPTED',
  'UNREADABLE',
  'NOT_AN_IMAGE',
  'NOT_ONE_PICTURE',
  'COLOURS_UNCLEAR',
  'DEPTH_UNCLEAR',
  'NOT_PATCH_SIZE',
  'ONLY_STRIPS',
  'NOT_A_SLIDE',
  'NO_SCALE',
  'SITE_UNCLEAR',
  'TOO_COARSE',
  'NO_TISSUE',
  'NO_OUTLINES',
  'OUTLINES_UNCLEAR',
  'OUTLINES_WITHOUT_SLIDE',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

export type Fault = { code: RefusalCode; reason: string };

/** A file of the source (its path relative to the source's root) that was refused, and why. */
export type Refusal = Fault & { path: string };

/** Takes a refusal; the import then goes on with the next file. */
export type Refuse = (refusal: Refusal) => void;

export type Checked<T> = { ok: true; value: T } | { ok: false; fault: Fault };

export function accept<T>(value: T): Checked<T> {
  return { ok: true, value };
}

export function refuse<T>(code: RefusalCode, reason: string): Checked<T> {
  return { ok: false, fault: { code, reason } };
}

/** The fault of a file that is larger than an import reads. */
export function refuseTooLarge<T>(
  sizeBytes: number,
  limitBytes: number = IMPORT_LIMITS.fileBytesMax,
): Checked<T> {
  const limitMiB = limitBytes / 1024 / 1024;
  const sizeMiB = (sizeBytes / 1024 / 1024).toFixed(1);
  return refuse('TOO_LARGE', `It has ${sizeMiB} MiB; files of more than ${limitMiB} MiB are not read.`);
}

/** A path as it can be shown and stored: without what misleads (see `escapeUnprintable`), cut in the middle when long. */
export function printablePath(path: string, lengthMax = 300): string {
  const printable = escapeUnprintable(path);
  if (printable.length <= lengthMax) return printable;
  const kept = Math.floor((lengthMax - 1) / 2);
  // A character of two halves that the cut would part is left out.
  const [start, end] = [printable.slice(0, kept), printable.slice(-kept)];
  return `${start.replace(/[\ud800-\udbff]$/, '')}…${end.replace(/^[\udc00-\udfff]/, '')}`;
}
