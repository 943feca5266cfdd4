/**
 * What a table says of each slide: its label, and the centre that it comes from where a column tells one. Columns are found
 * by their names where the table has any, as `reference.csv` of CAMELYON16 has none, `stage_labels.csv` of CAMELYON17 has
 * `patient` and `stage`, and `stages.csv` of its open bucket `center` too.
 */
import { AppError } from '../app-error.ts';
import { isImageName } from '../source/file-path.ts';
import { readCellText } from '../source/manifest/missing-cell.ts';
import { isSlideName, nameWithoutEnding } from './slide-name.ts';

/** By letters and digits alone, in lower case; the first that a table has is taken. */
const SLIDE_COLUMNS = 'slide slideid slidename image imageid imagename filename file name wsi patient'.split(
  ' ',
);
const LABEL_COLUMNS = ['label', 'class', 'stage', 'type', 'category', 'diagnosis', 'target'];
const SITE_COLUMNS = ['site', 'center', 'centre', 'hospital', 'institution'];

type LabelTable = {
  /** The first line, whatever it is. */
  columns: readonly string[];
  rows: readonly (readonly (string | null)[])[];
};

export type SlideRow = { label: string | null; site: string | null };

/**
 * By the slide's name without ending; CAMELYON17 has rows of whole patients too, by the patient's name.
 * @throws AppError BAD_INPUT, with `what` first, for two labels or two centres of one slide
 */
export function readSlideLabels({ columns, rows }: LabelTable, what: string): Map<string, SlideRow> {
  const plain = columns.map((column) => column.toLowerCase().replace(/[^\p{L}\p{N}]/gu, ''));
  const [slideAt, labelAt] = [findColumn(plain, SLIDE_COLUMNS), findColumn(plain, LABEL_COLUMNS)];
  const isHeader = slideAt >= 0 && labelAt >= 0;
  const siteAt = isHeader ? findColumn(plain, SITE_COLUMNS) : -1;
  const told: [string, SlideRow][] = [];
  for (const row of isHeader ? rows : [columns, ...rows]) {
    const slide = readCellText(row[isHeader ? slideAt : 0]);
    if (slide === null) continue;
    const label = readCellText(row[isHeader ? labelAt : 1]);
    told.push([nameListed(slide), { label, site: readCellText(row[siteAt]) }]);
  }
  const labels = mergeRows(told, what);
  if ([...labels.values()].some(({ label }) => label !== null)) return labels;
  throw new AppError(
    'BAD_INPUT',
    `${what} tells a label of no slide: a column of slides and one of labels are needed.`,
  );
}

/** What several rows, or tables, say of each slide. @throws AppError BAD_INPUT where two of them disagree */
export function mergeRows(told: Iterable<[string, SlideRow]>, what: string): Map<string, SlideRow> {
  const merged = new Map<string, SlideRow>();
  for (const [slide, row] of told) {
    const known = merged.get(slide) ?? { label: null, site: null };
    if (known.label !== null && row.label !== null && known.label !== row.label)
      throw new AppError(
        'BAD_INPUT',
        `${what} calls the slide "${slide}" both "${known.label}" and "${row.label}".`,
      );
    if (known.site !== null && row.site !== null && known.site !== row.site)
      throw new AppError(
        'BAD_INPUT',
        `${what} puts the slide "${slide}" both at "${known.site}" and at "${row.site}".`,
      );
    merged.set(slide, { label: known.label ?? row.label, site: known.site ?? row.site });
  }
  return merged;
}

/** A name may have points of its own, as TCGA's have, so only what is known to be an ending is one. */
function nameListed(slide: string): string {
  const hasEnding = isSlideName(slide) || isImageName(slide) || /\.zip$/i.test(slide);
  return hasEnding ? nameWithoutEnding(slide) : slide.slice(slide.lastIndexOf('/') + 1);
}

function findColumn(columns: readonly string[], names: readonly string[]): number {
  return names.map((name) => columns.indexOf(name)).find((at) => at >= 0) ?? -1;
}

/** Labels that say that nothing is on the slide, so that it needs no outlines. */
const NEGATIVE = new Set(['negative', 'normal', 'benign', 'healthy', 'no', 'false', '0', 'none']);

export function isNegativeLabel(label: string): boolean {
  return NEGATIVE.has(label.trim().toLowerCase());
}
