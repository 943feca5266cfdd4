/**
 * One label a slide, from a table: columns are found by their names where the table has any, as `reference.csv` of
 * CAMELYON16 has none and `stage_labels.csv` of CAMELYON17 has `patient` and `stage`.
 */
import { AppError } from '../app-error.ts';
import { nameWithoutEnding } from './slide-name.ts';

const SLIDE_COLUMNS = [
  'slide',
  'slide_id',
  'slideid',
  'image',
  'image_id',
  'filename',
  'file',
  'name',
  'wsi',
  'patient',
];
const LABEL_COLUMNS = ['label', 'class', 'stage', 'type', 'category', 'diagnosis', 'target'];

type LabelTable = {
  /** The first line, whatever it is. */
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
};

/** By the slide's name without ending. @throws AppError BAD_INPUT, with `what` first, for two labels of one slide */
export function readSlideLabels({ columns, rows }: LabelTable, what: string): Map<string, string> {
  const plain = columns.map((column) => column.trim().toLowerCase());
  const [slideAt, labelAt] = [findColumn(plain, SLIDE_COLUMNS), findColumn(plain, LABEL_COLUMNS)];
  const isHeader = slideAt >= 0 && labelAt >= 0;
  const labels = new Map<string, string>();
  for (const row of isHeader ? rows : [columns, ...rows]) {
    const slide = row[isHeader ? slideAt : 0]?.trim();
    const label = row[isHeader ? labelAt : 1]?.trim();
    if (!slide || !label) continue;
    const name = nameWithoutEnding(slide.includes('.') ? slide : `${slide}.`);
    const known = labels.get(name);
    if (known !== undefined && known !== label)
      throw new AppError('BAD_INPUT', `${what} calls the slide "${name}" both "${known}" and "${label}".`);
    labels.set(name, label);
  }
  if (labels.size > 0) return labels;
  throw new AppError(
    'BAD_INPUT',
    `${what} tells a label of no slide: a column of slides and one of labels are needed.`,
  );
}

function findColumn(columns: readonly string[], names: readonly string[]): number {
  return names.map((name) => columns.indexOf(name)).find((at) => at >= 0) ?? -1;
}

/** Labels that say that nothing is on the slide, so that it needs no outlines. */
const NEGATIVE = new Set(['negative', 'normal', 'benign', 'healthy', 'no', 'false', '0', 'none']);

export function isNegativeLabel(label: string): boolean {
  return NEGATIVE.has(label.trim().toLowerCase());
}
