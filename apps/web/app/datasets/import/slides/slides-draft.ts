/** The choices of an import of slides while its form is filled in, and the input that they make. Pure. */
import type {
  FaultyOutlines,
  FaultySlides,
  ImportDatasetInput,
  OutlineRule,
  PatientRule,
  SlidePreset,
  TilingInput,
} from '../../../../graphql/generated/graphql.ts';

export type SlidesDraft = {
  path: string;
  /** What says what is on the slides. */
  labelledBy: 'OUTLINES' | 'LABELS' | 'MANIFEST' | 'NOTHING' | SlidePreset;
  annotations: string;
  outlineRule: OutlineRule;
  positiveFrom: string;
  outlineClasses: string;
  holeClasses: string;
  faultyOutlines: FaultyOutlines;
  labels: string;
  manifest: string;
  patientRule: PatientRule | '';
  patientPattern: string;
  tilePx: string;
  micronsPerPixel: string;
  stridePx: string;
  /** Of slides that tell none. */
  slideMicronsPerPixel: string;
  tissueFrom: string;
  faultySlides: FaultySlides;
  name: string;
};

/** By the names of the draft's fields. */
export type SlidesErrors = Partial<Record<keyof SlidesDraft, string>>;

export const EMPTY_SLIDES_DRAFT: SlidesDraft = {
  path: '',
  labelledBy: 'OUTLINES',
  annotations: '',
  outlineRule: 'SHARE',
  positiveFrom: '0.5',
  outlineClasses: '',
  holeClasses: '',
  faultyOutlines: 'REFUSE',
  labels: '',
  manifest: '',
  patientRule: '',
  patientPattern: '',
  tilePx: '224',
  micronsPerPixel: '0.5',
  stridePx: '',
  slideMicronsPerPixel: '',
  tissueFrom: '0.5',
  faultySlides: 'SKIP',
  name: '',
};

type SlidesReading = { input: ImportDatasetInput; errors: SlidesErrors };

/** Null while there is nothing to look at. What cannot be is left out of the input and named. */
export function readSlidesDraft(draft: SlidesDraft): SlidesReading | null {
  if (draft.path.trim() === '') return null;
  const errors: SlidesErrors = {};
  const number = (
    field: 'tilePx' | 'micronsPerPixel' | 'stridePx' | 'slideMicronsPerPixel' | 'positiveFrom' | 'tissueFrom',
  ) => {
    const text = draft[field].trim().replace(',', '.');
    if (text === '') return null;
    const value = Number(text);
    const isWhole = field === 'tilePx' || field === 'stridePx';
    if (value > 0 && Number.isFinite(value) && (!isWhole || Number.isSafeInteger(value))) return value;
    errors[field] = `'${draft[field]}' is no ${isWhole ? 'whole ' : ''}number above 0.`;
    return null;
  };
  const needed = (field: 'tilePx' | 'micronsPerPixel') => {
    const value = number(field);
    if (value === null) errors[field] ??= 'Say how much.';
    return value ?? 0;
  };
  const tiling: TilingInput = {
    tilePx: needed('tilePx'),
    micronsPerPixel: needed('micronsPerPixel'),
    stridePx: number('stridePx'),
    tissueFrom: number('tissueFrom'),
    faultySlides: draft.faultySlides,
    ...readLabelling(draft, errors, () => number('positiveFrom')),
  };
  const isExpression = draft.patientRule === 'REGEX';
  if (isExpression && draft.patientPattern === '') errors.patientPattern = 'Write the expression.';
  const input: ImportDatasetInput = {
    path: draft.path.trim(),
    name: textOrNull(draft.name),
    manifest: draft.labelledBy === 'MANIFEST' ? textOrNull(draft.manifest) : null,
    patientRule: draft.patientRule || null,
    patientPattern: isExpression ? textOrNull(draft.patientPattern) : null,
    micronsPerPixel: number('slideMicronsPerPixel'),
    unlabelled: draft.labelledBy === 'NOTHING' || null,
    tiling,
  };
  if (draft.labelledBy === 'MANIFEST' && !input.manifest) errors.manifest = 'Choose the table.';
  return { input, errors };
}

type Labelling = Pick<
  TilingInput,
  | 'preset'
  | 'annotations'
  | 'labels'
  | 'outlineRule'
  | 'positiveFrom'
  | 'outlineClasses'
  | 'holeClasses'
  | 'faultyOutlines'
>;

function readLabelling(draft: SlidesDraft, errors: SlidesErrors, readShare: () => number | null): Labelling {
  const { labelledBy, outlineRule, faultyOutlines } = draft;
  if (labelledBy === 'NOTHING' || labelledBy === 'MANIFEST') return {};
  if (labelledBy === 'LABELS') {
    if (draft.labels.trim() === '') errors.labels = 'Name the table.';
    return { labels: textOrNull(draft.labels) };
  }
  const positiveFrom = outlineRule === 'SHARE' ? readShare() : null;
  if (labelledBy !== 'OUTLINES') return { preset: labelledBy, outlineRule, positiveFrom, faultyOutlines };
  if (draft.annotations.trim() === '') errors.annotations = 'Name the folder; "." is that of the slides.';
  return {
    annotations: textOrNull(draft.annotations),
    labels: textOrNull(draft.labels),
    outlineRule,
    positiveFrom,
    outlineClasses: listNames(draft.outlineClasses),
    holeClasses: listNames(draft.holeClasses),
    faultyOutlines,
  };
}

function textOrNull(text: string): string | null {
  return text.trim() || null;
}

function listNames(text: string): string[] | null {
  const names = text.split(',').flatMap((name) => name.trim() || []);
  return names.length > 0 ? names : null;
}
