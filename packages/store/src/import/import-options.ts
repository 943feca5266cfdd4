/** What a user may choose for an import, checked before anything is read. */
import { basename } from 'node:path';
import { DEFAULT_PROJECT_ID } from '@microtome/domain/access/principal';
import { AppError } from '@microtome/domain/app-error';
import { SEED_MAX } from '@microtome/domain/seeded-random';
import { LAYOUT_NAMES, type LayoutName } from '@microtome/domain/source/layout/layout';
import { getLayout } from '@microtome/domain/source/layout/layouts';
import { MANIFEST_KEYS } from '@microtome/domain/source/manifest/manifest-columns';
import { MICRONS_MAX } from '@microtome/domain/source/manifest/read-manifest-row';
import { openPatientRule, PATIENT_RULES, type PatientRuleName } from '@microtome/domain/source/patient-rule';
import { CLASSES_MAX } from '@microtome/domain/task/task';
import { checkText, NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import { SPLITTING_UNITS, type SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import { z } from 'zod';
import { atField } from './at-field.ts';
import { type FitRules, NOT_SQUARE, OTHER_SIZES } from './pixels/fit-patch.ts';
import { printablePath } from './refusal.ts';
import { completeTiling, type TilingOptions, tilingOptionsSchema, tilingSchema } from './tiling-options.ts';

const schema = z.object({
  path: z.string().refine((path) => path.trim() !== '', 'must not be empty'),
  name: z.string().nullish(),
  projectId: z.string().nullish(),
  maxPatches: z.int('must be a whole number').min(1, 'must be at least 1').nullish(),
  seed: z
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(SEED_MAX, `must be at most ${SEED_MAX}`)
    .nullish(),
  positive: z
    .array(z.string())
    .min(1, 'must name a class')
    .max(CLASSES_MAX, `must name at most ${CLASSES_MAX} classes`)
    .nullish(),
  layout: z.string().nullish(),
  manifest: z
    .string()
    .refine((path) => path.trim() !== '', 'must not be empty')
    .nullish(),
  map: z
    .array(z.string())
    .max(2 * MANIFEST_KEYS.length, 'names too many columns')
    .nullish(),
  patientRule: oneOf(PATIENT_RULES),
  patientPattern: z.string().min(1, 'must not be empty').nullish(),
  patientsOf: z.string().nullish(),
  unit: oneOf(SPLITTING_UNITS),
  unlabelled: z.boolean().nullish(),
  magnification: z.number('must be a number').positive('must be above 0').nullish(),
  micronsPerPixel: z
    .number('must be a number')
    .positive('must be above 0')
    .max(MICRONS_MAX, `must be at most ${MICRONS_MAX}`)
    .nullish(),
  otherSizes: oneOf(OTHER_SIZES),
  notSquare: oneOf(NOT_SQUARE),
  tiling: tilingSchema.nullish(),
});

function oneOf<Word extends string>(words: readonly Word[]) {
  return z.enum(words, `must be one of ${words.join(', ')}`).nullish();
}

export type ImportOptionsInput = z.input<typeof schema>;

export type ImportOptions = {
  path: string;
  /** The chosen name, or one made from the path. */
  name: string;
  isNameChosen: boolean;
  /** Of which project the dataset is. */
  projectId: string;
  /** Null: all. */
  maxPatches: number | null;
  /** Of the choice of patches when there are more than `maxPatches`. */
  seed: number;
  /** The classes that the dataset's first task looks for; null leaves it to the source. */
  positive: string[] | null;
  /** Null: as detected, unless there is a manifest. */
  layout: LayoutName | null;
  /** The table that says what each file is: on disk, or within the source. */
  manifest: string | null;
  /** `key=column` each, over what is recognised of the manifest. */
  map: string[];
  /** How the patient is told from a text; null takes what the source says as it stands. */
  patientRule: PatientRuleName | null;
  /** The expression of the rule `regex`. */
  patientPattern: string | null;
  /** Whose patients a manifest or an expression names: those of one group are shared. Null: of the source alone, by its name. */
  patientsOf: string | null;
  /** Null: the largest that the source tells of every patch. */
  unit: SplittingUnit | null;
  /** Patches without classes, for heatmaps and predictions alone. */
  unlabelled: boolean;
  /** Of the files to take, where a layout has several. */
  magnification: number | null;
  /** Of every patch, or every slide, of which the source tells none. */
  micronsPerPixel: number | null;
  /** How slides are cut into patches; null where the source has patches. */
  tiling: TilingOptions | null;
} & FitRules;

/** Options as they travel to another process. */
export const importOptionsSchema = z.object({
  path: z.string(),
  name: z.string(),
  isNameChosen: z.boolean(),
  projectId: z.string(),
  maxPatches: z.number().nullable(),
  seed: z.number(),
  positive: z.array(z.string()).nullable(),
  layout: z.enum(LAYOUT_NAMES).nullable(),
  manifest: z.string().nullable(),
  map: z.array(z.string()),
  patientRule: z.enum(PATIENT_RULES).nullable(),
  patientPattern: z.string().nullable(),
  patientsOf: z.string().nullable(),
  unit: z.enum(SPLITTING_UNITS).nullable(),
  unlabelled: z.boolean(),
  magnification: z.number().nullable(),
  micronsPerPixel: z.number().nullable(),
  otherSizes: z.enum(OTHER_SIZES),
  notSquare: z.enum(NOT_SQUARE),
  tiling: tilingOptionsSchema.nullable(),
}) satisfies z.ZodType<ImportOptions>;

/** Checks the options and fills in the defaults. @throws AppError BAD_INPUT that names the wrong option, its `field` too */
export function parseImportOptions(input: ImportOptionsInput): ImportOptions {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'import'} ${issue.message}`);
    throw refuseOption(String(parsed.error.issues[0]?.path[0] ?? 'path'), faults.join('; '));
  }
  const { path, name, positive, layout, ...chosen } = parsed.data;
  checkTogether(parsed.data);
  return {
    path,
    name: name == null ? nameSource(path) : checkText(name, 'datasetName'),
    isNameChosen: name != null,
    projectId: chosen.projectId ?? DEFAULT_PROJECT_ID,
    maxPatches: chosen.maxPatches ?? null,
    seed: chosen.seed ?? 0,
    positive: positive?.map((className) => checkText(className, 'className')) ?? null,
    layout: layout == null ? null : atField('layout', () => getLayout(layout).name),
    manifest: chosen.manifest ?? null,
    map: chosen.map ?? [],
    patientRule: chosen.patientRule ?? null,
    patientPattern: chosen.patientPattern ?? null,
    patientsOf: chosen.patientsOf == null ? null : checkText(chosen.patientsOf, 'patientGroup'),
    unit: chosen.unit ?? null,
    unlabelled: chosen.unlabelled ?? false,
    magnification: chosen.magnification ?? null,
    micronsPerPixel: chosen.micronsPerPixel ?? null,
    otherSizes: chosen.otherSizes ?? 'REFUSE',
    notSquare: chosen.notSquare ?? 'REFUSE',
    tiling: chosen.tiling ? completeTiling(chosen.tiling) : null,
  };
}

/** Options that need one another, or exclude one another. */
function checkTogether(options: z.output<typeof schema>): void {
  const { manifest, map, layout, patientRule, patientPattern, patientsOf, positive, unlabelled } = options;
  if (manifest == null && map && map.length > 0) {
    throw refuseOption('map', 'columns are mapped, but no manifest is named');
  }
  if (manifest != null && layout != null) {
    throw refuseOption('layout', 'files are told by a layout or a manifest, not by both');
  }
  const rule = atField('patientPattern', () => openPatientRule(patientRule ?? null, patientPattern ?? null));
  if (manifest == null && rule === null && patientsOf != null) {
    const what =
      'it says whose patients these are, but neither a manifest nor a rule names any; a layout knows';
    throw refuseOption('patientsOf', what);
  }
  if (options.tiling && layout != null) {
    throw refuseOption('layout', 'slides are cut, and a layout tells of patches');
  }
  if (options.tiling?.preset != null && manifest != null) {
    throw refuseOption('tiling', 'slides are told by a preset or a manifest, not by both');
  }
  if (unlabelled && positive != null) {
    throw refuseOption('positive', 'it has no classes, so that none of them can be positive');
  }
}

function refuseOption(field: string, what: string): AppError {
  return new AppError('BAD_INPUT', `The import cannot start: ${what}.`, { details: { field } });
}

/** What a source is called where no name is given: as its folder or file. */
export function nameSource(path: string): string {
  const base = basename(path.replace(/[\\/]+$/, '')).replace(/\.zip$/i, '');
  return printablePath(base, NAME_LENGTH_MAX).trim() || 'dataset';
}
