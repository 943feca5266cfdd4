/**
 * What a report says, as plain data that may travel between threads: headings, sentences, tables and figures in reading
 * order. render-pdf.ts and render-html.ts decide how it looks.
 */

export type ReportTone = 'plain' | 'muted' | 'caution' | 'accent';

/** A bare string is a plain cell. */
export type ReportCell = string | { text: string; bold?: boolean; tone?: ReportTone };

export type ReportColumn = {
  header: string;
  align?: 'left' | 'right';
  /** In points; 'grow' takes what is left; if left out, as wide as its longest cell. */
  width?: number | 'grow';
};

/** A vector picture that stands on its own: an <svg> with a viewBox and no outside resources. */
export type ReportFigure = { svg: string; caption: string };

export type ReportBlock =
  | { kind: 'heading'; text: string }
  | { kind: 'subheading'; text: string }
  | { kind: 'paragraph'; text: string; tone?: ReportTone }
  | { kind: 'list'; items: readonly string[] }
  /** Sentences that must not be overlooked, in a frame. */
  | { kind: 'notice'; title: string; items: readonly string[] }
  /** Labels with their values, one per line. */
  | { kind: 'facts'; rows: readonly (readonly [label: string, value: ReportCell])[] }
  | {
      kind: 'table';
      columns: readonly ReportColumn[];
      rows: readonly (readonly ReportCell[])[];
      /** Below the table. */
      note?: string;
    }
  /** Side by side, equally wide; a single one takes the width of the page unless it is to leave room. */
  | { kind: 'figures'; figures: readonly ReportFigure[]; atLeastColumns?: number }
  /** A command or a digest, with every character as it is. */
  | { kind: 'code'; text: string }
  | { kind: 'pageBreak' };

export type ReportDocument = {
  title: string;
  subtitle?: string;
  /** The kind of document, at the top of every page next to the title. */
  kindOfDocument: string;
  /** At the foot of every page: what names its content, for example a digest. */
  identity: string;
  /** As of when its content holds. It is the file's date, so that the same content gives the same bytes. */
  asOf: Date;
  blocks: readonly ReportBlock[];
};
