/**
 * BreakHis' file names, `SOB_B_A-14-22549AB-40-001.png`: procedure, class, subtype, year and slide, magnification, number.
 * Nine numbers of slides come with several letters; whether AB and CD are one person is not published, so that the number
 * without its letters is taken for the patient.
 */
import { getFileName } from './file-path.ts';

const NAME = /SOB_([BM])_(A|F|PT|TA|DC|LC|MC|PC)[-_](\d{2})-(\d+)([A-Z]*)-(\d+)-(\d+)/i;

/** By their short names, benign ones first. */
export const BREAKHIS_CLASSES: Record<string, { name: string; isMalignant: boolean }> = {
  A: { name: 'adenosis', isMalignant: false },
  F: { name: 'fibroadenoma', isMalignant: false },
  PT: { name: 'phyllodes tumor', isMalignant: false },
  TA: { name: 'tubular adenoma', isMalignant: false },
  DC: { name: 'ductal carcinoma', isMalignant: true },
  LC: { name: 'lobular carcinoma', isMalignant: true },
  MC: { name: 'mucinous carcinoma', isMalignant: true },
  PC: { name: 'papillary carcinoma', isMalignant: true },
};

type BreakhisName = {
  subtype: string;
  /** Year and number: `14-22549`. */
  patient: string;
  /** With the letters: `14-22549AB`. */
  slide: string;
  magnification: number;
};

/** Reads the name at the end of a path; null when it is not of this form. */
export function parseBreakhisName(path: string): BreakhisName | null {
  const match = NAME.exec(getFileName(path));
  if (!match) return null;
  const [, , subtype = '', year, stem, letters = '', magnification] = match;
  return {
    subtype: subtype.toUpperCase(),
    patient: `${year}-${stem}`,
    slide: `${year}-${stem}${letters.toUpperCase()}`,
    magnification: Number(magnification),
  };
}
