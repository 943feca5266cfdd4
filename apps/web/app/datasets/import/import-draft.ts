/**
 * The choices of an import while its form is filled in, and the input that they make. Empty text is a choice that is left
 * to the import. Pure.
 */
import type {
  ImportDatasetInput,
  ImportLayout,
  ManifestKey,
  NotSquare,
  OtherSizes,
  PatientRule,
  SplittingUnit,
} from '../../../graphql/generated/graphql.ts';

export type ImportDraft = {
  path: string;
  /** What says what the files are. */
  toldBy: 'DETECTED' | 'MANIFEST' | ImportLayout;
  manifest: string;
  /** Over what is recognised; null takes a key away. */
  map: Partial<Record<ManifestKey, string | null>>;
  patientRule: PatientRule | '';
  patientPattern: string;
  patientsOf: string;
  unit: SplittingUnit | '';
  unlabelled: boolean;
  /** None: as proposed. */
  positive: string[];
  magnification: string;
  micronsPerPixel: string;
  otherSizes: OtherSizes;
  notSquare: NotSquare;
  name: string;
  maxPatches: string;
  seed: string;
};

/** By the names of the input's fields. */
export type DraftErrors = Partial<Record<string, string>>;

export const EMPTY_DRAFT: ImportDraft = {
  path: '',
  toldBy: 'DETECTED',
  manifest: '',
  map: {},
  patientRule: '',
  patientPattern: '',
  patientsOf: '',
  unit: '',
  unlabelled: false,
  positive: [],
  magnification: '',
  micronsPerPixel: '',
  otherSizes: 'REFUSE',
  notSquare: 'REFUSE',
  name: '',
  maxPatches: '',
  seed: '',
};

/** Another source: what was said of the files of the one before says nothing of these. */
export function chooseSource(draft: ImportDraft, path: string): ImportDraft {
  const { otherSizes, notSquare, name } = draft;
  return { ...EMPTY_DRAFT, otherSizes, notSquare, name, path };
}

/** Another manifest has other columns, and perhaps other classes. */
export function chooseManifest(draft: ImportDraft, manifest: string): ImportDraft {
  return { ...draft, toldBy: 'MANIFEST', manifest, map: {}, positive: [], unit: '' };
}

/** What a column is shown to say: as just chosen, before the answer that heeds it is there, and else as it was taken for. */
export function showMeaning(
  draft: Pick<ImportDraft, 'map'>,
  { column, taken }: { column: string; taken: ManifestKey | null },
): ManifestKey | null {
  const chosen = (Object.keys(draft.map) as ManifestKey[]).find((key) => draft.map[key] === column);
  if (chosen) return chosen;
  // A meaning that another column was given, or none, is this one's no more.
  return taken && taken in draft.map ? null : taken;
}

/** A column says one thing, and one column says it. `was` is what it said until now. */
export function mapColumn(
  draft: ImportDraft,
  { column, was, key }: { column: string; was: ManifestKey | null; key: ManifestKey | null },
): ImportDraft {
  const kept = Object.entries(draft.map).filter(([, mapped]) => mapped !== column);
  const map: ImportDraft['map'] = Object.fromEntries(kept);
  if (key) map[key] = column;
  else if (was) map[was] = null;
  const isLabel = key === 'LABEL' || was === 'LABEL';
  return { ...draft, map, unit: '', positive: isLabel ? [] : draft.positive };
}

type DraftReading = { input: ImportDatasetInput; errors: DraftErrors };

/** Null while there is nothing to look at. What cannot be a number is left out of the input and named. */
export function readDraft(draft: ImportDraft): DraftReading | null {
  if (draft.path.trim() === '') return null;
  const errors: DraftErrors = {};
  const number = (field: 'magnification' | 'micronsPerPixel' | 'maxPatches' | 'seed', isWhole: boolean) => {
    const text = draft[field].trim().replace(',', '.');
    if (text === '') return null;
    const value = Number(text);
    const isNumber = isWhole ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (isNumber && value >= 0 && (value > 0 || field === 'seed')) return value;
    errors[field] =
      `'${draft[field]}' is no ${isWhole ? 'whole ' : ''}number${field === 'seed' ? '' : ' above 0'}.`;
    return null;
  };
  const text = (value: string) => value.trim() || null;
  const isManifest = draft.toldBy === 'MANIFEST';
  if (isManifest && draft.manifest.trim() === '') errors.manifest = 'Choose the table.';
  const isExpression = draft.patientRule === 'REGEX';
  if (isExpression && draft.patientPattern === '') errors.patientPattern = 'Write the expression.';
  const hasRule = draft.patientRule !== '' && !(isExpression && draft.patientPattern === '');
  const manifest = isManifest ? text(draft.manifest) : null;
  const input: ImportDatasetInput = {
    path: draft.path.trim(),
    layout: draft.toldBy === 'MANIFEST' || draft.toldBy === 'DETECTED' ? null : draft.toldBy,
    manifest,
    map: manifest ? listMappings(draft.map) : null,
    patientRule: hasRule ? draft.patientRule || null : null,
    patientPattern: hasRule && isExpression ? draft.patientPattern : null,
    patientsOf: manifest || hasRule ? text(draft.patientsOf) : null,
    unit: draft.unit || null,
    unlabelled: draft.unlabelled || null,
    positive: draft.unlabelled || draft.positive.length === 0 ? null : draft.positive,
    magnification: number('magnification', false),
    micronsPerPixel: number('micronsPerPixel', false),
    otherSizes: draft.otherSizes,
    notSquare: draft.notSquare,
    name: text(draft.name),
    maxPatches: number('maxPatches', true),
    seed: number('seed', true),
  };
  return { input, errors };
}

function listMappings(map: ImportDraft['map']): ImportDatasetInput['map'] {
  return Object.entries(map).map(([key, column]) => ({ key: key as ManifestKey, column: column ?? null }));
}
