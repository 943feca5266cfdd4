/** TCGA's barcodes: the first twelve characters are the patient, two of them the tissue source site. */

const BARCODE =
  /(?<![A-Z0-9])TCGA-([A-Z0-9]{2})-([A-Z0-9]{4})(?![A-Z0-9])((?:-\d{2}[A-Z]?){0,2}(?:-[A-Z]{2}[A-Z0-9]{1,2}(?![A-Z0-9]))?)/i;

type TcgaBarcode = {
  patient: string;
  site: string;
  /** As long as the text has it, up to portion and slide: `TCGA-AD-6964-01Z-00-DX1`. Null for a bare patient. */
  slide: string | null;
};

/** The first barcode within the text; null when there is none. */
export function parseTcgaBarcode(text: string): TcgaBarcode | null {
  const match = BARCODE.exec(text);
  if (!match) return null;
  const [, site = '', participant = '', rest] = match;
  const patient = `TCGA-${site}-${participant}`.toUpperCase();
  return { patient, site: site.toUpperCase(), slide: rest ? `${patient}${rest.toUpperCase()}` : null };
}
