/**
 * The file names of the IDC dataset, `PATIENT_idx5_xX_yY_classC.png`: who, where on the slide, which class.
 * X is the column and Y the row of the patch's top-left corner, in pixels of the slide. The IDC set counts them from
 * 1; other programs that write such names count from 0, which shows where a patch is at 0.
 */

const PATCH_NAME = /^(\d{1,18})_idx5_x(\d{1,15})_y(\d{1,15})_class([01])\.(?:png|jpe?g|tiff?|webp|bmp)$/i;
const PATIENT_KEY = /^\d{1,18}$/;

export type PatchName = {
  patientKey: string;
  /** Column of the left edge in slide pixels, as written. */
  x: number;
  /** Row of the top edge in slide pixels, as written. */
  y: number;
  /** 1 = IDC, the positive class. */
  label: 0 | 1;
};

/** The number that a set's names give to the first column and row. */
export type PlacesFrom = 0 | 1;

/** Reads a file name (no folders); null when it is not in the layout. */
export function parsePatchName(fileName: string): PatchName | null {
  const match = PATCH_NAME.exec(fileName);
  if (!match) return null;
  const [, patientKey = '', columns = '', rows = '', label] = match;
  return { patientKey, x: Number(columns), y: Number(rows), label: label === '1' ? 1 : 0 };
}

/** Writes the file name that `parsePatchName` reads back. */
export function formatPatchName({ patientKey, x, y, label }: PatchName): string {
  return `${patientKey}_idx5_x${x}_y${y}_class${label}.png`;
}

/** Whether a folder's name can be a patient of this layout (digits only; the nested copy's folder is not). */
export function isPatientFolder(folderName: string): boolean {
  return PATIENT_KEY.test(folderName);
}
