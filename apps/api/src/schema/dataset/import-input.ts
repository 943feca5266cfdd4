/** What an import and a look at it beforehand are asked for: one input, read to the options that the command line has too. */
import { LAYOUT_NAMES, type LayoutName } from '@microtome/domain/source/layout/layout';
import { getLayout } from '@microtome/domain/source/layout/layouts';
import { MANIFEST_KEYS, type ManifestKey } from '@microtome/domain/source/manifest/manifest-columns';
import type { PatientRuleName } from '@microtome/domain/source/patient-rule';
import { atField } from '@microtome/store/import/at-field';
import type { ImportOptionsInput } from '@microtome/store/import/import-options';
import type { NOT_SQUARE, OTHER_SIZES } from '@microtome/store/import/pixels/fit-patch';
import type { ImportRoots } from '../../dataset/import-roots.ts';
import { builder } from '../../graphql/builder.ts';
import { HOME_SENTENCE } from '../../graphql/home-project.ts';
import { parseRecordId } from '../../graphql/record-id.ts';
import { typed } from '../../graphql/typed-text.ts';
import { readTilingInput, TilingInput } from './tiling-input.ts';
import { SplittingUnitEnum } from './unit.ts';

const toWord = (name: string) => name.replaceAll('-', '_').toUpperCase();

export const ImportLayoutEnum = builder.enumType('ImportLayout', {
  description: 'A way in which a public set, and everybody who follows it, lays out files.',
  values: Object.fromEntries(
    LAYOUT_NAMES.map((name) => [toWord(name), { value: name, description: `${getLayout(name).title}.` }]),
  ) as Record<string, { value: LayoutName; description: string }>,
});

const KEY_MEANINGS: Record<ManifestKey, string> = {
  path: 'The file.',
  patient: 'The person.',
  slide: 'The slide.',
  site: 'Centre, scanner or tissue source site of the slide.',
  group: 'Copies or neighbours of one picture.',
  label: 'The class.',
  x: 'Pixels of the slide left of the patch.',
  y: 'Pixels of the slide above the patch.',
  mpp: 'Micrometres per pixel.',
  subset: 'The side on which the publisher put it.',
};

export const ManifestKeyEnum = builder.enumType('ManifestKey', {
  description: 'What a column of a manifest can say of a patch.',
  values: Object.fromEntries(
    MANIFEST_KEYS.map((key) => [toWord(key), { value: key, description: KEY_MEANINGS[key] }]),
  ) as Record<string, { value: ManifestKey; description: string }>,
});

const PatientRuleEnum = builder.enumType('PatientRule', {
  description: 'How a patient is read from a text.',
  values: {
    TCGA: { value: 'tcga', description: 'TCGA barcode: its first twelve characters.' },
    BREAKHIS: { value: 'breakhis', description: 'BreakHis name: year and number without letters.' },
    REGEX: {
      value: 'regex',
      description:
        'An expression (RE2): its group `patient`, else its first group, else all that it matches.',
    },
  } as const satisfies Record<string, { value: PatientRuleName; description: string }>,
});

const OtherSizesEnum = builder.enumType('OtherSizes', {
  description: 'What becomes of square pictures of sizes that most do not have.',
  values: {
    REFUSE: { description: 'They are refused.' },
    RESIZE: { description: 'They are resized.' },
  } as const satisfies Record<(typeof OTHER_SIZES)[number], object>,
});

const NotSquareEnum = builder.enumType('NotSquare', {
  description: 'What becomes of pictures that are not square.',
  values: {
    REFUSE: { description: 'They are refused.' },
    CROP: { description: 'The square in the middle is taken.' },
    SQUEEZE: { description: 'The longer side is drawn in to the shorter.' },
  } as const satisfies Record<(typeof NOT_SQUARE)[number], object>,
});

const ColumnMappingInput = builder.inputType('ColumnMappingInput', {
  description: 'Which column of a manifest says what, over what is recognised.',
  fields: (t) => ({
    key: t.field({ type: ManifestKeyEnum, required: true, description: 'What it says.' }),
    column: t.string({
      extensions: typed('columnName'),
      description: 'The name of the column; null where none says it.',
    }),
  }),
});

export const ImportDatasetInput = builder.inputType('ImportDatasetInput', {
  description: 'What to import, and as what.',
  fields: (t) => ({
    path: t.string({
      extensions: typed('path'),
      required: true,
      description: 'A folder or .zip below one of `importRoots`.',
    }),
    name: t.string({
      extensions: typed('datasetName'),
      description: 'Name of the dataset; the name of the folder or zip when left out.',
    }),
    projectId: t.id({ description: HOME_SENTENCE }),
    maxPatches: t.int({
      description: 'Import a seeded subsample of at most this many, balanced over patients.',
    }),
    seed: t.int({ description: 'Seed of the subsample.' }),
    positive: t.stringList({
      extensions: typed('className'),
      description:
        'The classes that the first task looks for, against all others; proposed by the import when left out.',
    }),
    layout: t.field({ type: ImportLayoutEnum, description: 'Of the files; as detected when left out.' }),
    manifest: t.string({
      extensions: typed('path'),
      description: 'A table that says what each file is: within the source, or below one of `importRoots`.',
    }),
    map: t.field({ type: [ColumnMappingInput], description: 'Of the manifest, each key at most once.' }),
    patientRule: t.field({
      type: PatientRuleEnum,
      description: 'Reads the patient from the cell of the patient column, or else from the path.',
    }),
    patientPattern: t.string({
      extensions: typed('pattern'),
      description: 'The expression of the rule REGEX.',
    }),
    patientsOf: t.string({
      extensions: typed('patientGroup'),
      description:
        'Whose patients the manifest or the expression names: those of one group are shared. The name of the folder or zip when left out.',
    }),
    unit: t.field({
      type: SplittingUnitEnum,
      description: 'What splits are by; the largest that is told of every patch when left out.',
    }),
    unlabelled: t.boolean({
      description: 'Take patches without classes, for heatmaps and predictions alone.',
    }),
    magnification: t.float({ description: 'Of the files to take, where the source has several.' }),
    micronsPerPixel: t.float({
      description: 'Of every patch, or of every slide that is cut, of which the source tells none.',
    }),
    tiling: t.field({
      type: TilingInput,
      description: 'How slides are cut into patches; left out where the source has patches.',
    }),
    otherSizes: t.field({ type: OtherSizesEnum, description: 'Refused when left out.' }),
    notSquare: t.field({ type: NotSquareEnum, description: 'Refused when left out.' }),
  }),
});

/** The options by the names that the store has for them. @throws AppError for a path outside the import roots */
export async function readImportInput(
  { path, manifest, map, projectId, tiling, ...chosen }: typeof ImportDatasetInput.$inferInput,
  importRoots: ImportRoots,
): Promise<ImportOptionsInput> {
  const source = await atField('path', () => importRoots.resolveBelow(path));
  return {
    ...chosen,
    path: source,
    projectId: projectId ? parseRecordId(projectId, 'project') : null,
    manifest:
      manifest == null ? null : await atField('manifest', () => importRoots.resolveTable(source, manifest)),
    tiling: tiling && (await readTilingInput(tiling, { source, importRoots })),
    map: map?.map(({ key, column }) => `${key}=${column ?? ''}`),
  };
}
