/** What a user may choose for an import, checked before anything is read. */
import { basename } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { SEED_MAX } from '@microtome/domain/seeded-random';
import { LAYOUT_NAMES, type LayoutName } from '@microtome/domain/source/layout/layout';
import { getLayout } from '@microtome/domain/source/layout/layouts';
import { MANIFEST_KEYS } from '@microtome/domain/source/manifest/manifest-columns';
import { CLASSES_MAX } from '@microtome/domain/task/task';
import { checkText, NAME_LENGTH_MAX } from '@microtome/domain/text-rules';
import { z } from 'zod';
import { type FitRules, NOT_SQUARE, OTHER_SIZES } from './pixels/fit-patch.ts';
import { printablePath } from './refusal.ts';

const schema = z.strictObject({
  path: z.string().refine((path) => path.trim() !== '', 'must not be empty'),
  name: z.string().nullish(),
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
  patientsOf: z.string().nullish(),
  magnification: z.number('must be a number').positive('must be above 0').nullish(),
  otherSizes: z.enum(OTHER_SIZES, `must be one of ${OTHER_SIZES.join(', ')}`).nullish(),
  notSquare: z.enum(NOT_SQUARE, `must be one of ${NOT_SQUARE.join(', ')}`).nullish(),
});

export type ImportOptionsInput = z.input<typeof schema>;

export type ImportOptions = {
  path: string;
  /** The chosen name, or one made from the path. */
  name: string;
  isNameChosen: boolean;
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
  /** Whose patients a manifest names: manifests of one group share them. Null: those of the source alone, by its name. */
  patientsOf: string | null;
  /** Of the files to take, where a layout has several. */
  magnification: number | null;
} & FitRules;

/** Options as they travel to another process. */
export const importOptionsSchema = z.object({
  path: z.string(),
  name: z.string(),
  isNameChosen: z.boolean(),
  maxPatches: z.number().nullable(),
  seed: z.number(),
  positive: z.array(z.string()).nullable(),
  layout: z.enum(LAYOUT_NAMES).nullable(),
  manifest: z.string().nullable(),
  map: z.array(z.string()),
  patientsOf: z.string().nullable(),
  magnification: z.number().nullable(),
  otherSizes: z.enum(OTHER_SIZES),
  notSquare: z.enum(NOT_SQUARE),
}) satisfies z.ZodType<ImportOptions>;

/** Checks the options and fills in the defaults. @throws AppError BAD_INPUT that names the wrong option */
export function parseImportOptions(input: ImportOptionsInput): ImportOptions {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'import'} ${issue.message}`);
    throw new AppError('BAD_INPUT', `The import cannot start: ${faults.join('; ')}.`);
  }
  const { path, name, maxPatches, seed, positive, layout, manifest, map, patientsOf, magnification } =
    parsed.data;
  if (manifest == null && map && map.length > 0) {
    throw new AppError('BAD_INPUT', 'The import cannot start: columns are mapped, but no manifest is named.');
  }
  if (manifest != null && layout != null) {
    throw new AppError(
      'BAD_INPUT',
      'The import cannot start: files are told by a layout or a manifest, not by both.',
    );
  }
  if (manifest == null && patientsOf != null) {
    throw new AppError(
      'BAD_INPUT',
      'The import cannot start: it says whose patients these are, but no manifest is named; a layout knows.',
    );
  }
  return {
    path,
    name: name == null ? nameSource(path) : checkText(name, 'datasetName'),
    isNameChosen: name != null,
    maxPatches: maxPatches ?? null,
    seed: seed ?? 0,
    positive: positive?.map((className) => checkText(className, 'className')) ?? null,
    layout: layout == null ? null : getLayout(layout).name,
    manifest: manifest ?? null,
    map: map ?? [],
    patientsOf: patientsOf == null ? null : checkText(patientsOf, 'patientGroup'),
    magnification: magnification ?? null,
    otherSizes: parsed.data.otherSizes ?? 'REFUSE',
    notSquare: parsed.data.notSquare ?? 'REFUSE',
  };
}

/** What a source is called where no name is given: as its folder or file. */
export function nameSource(path: string): string {
  const base = basename(path.replace(/[\\/]+$/, '')).replace(/\.zip$/i, '');
  return printablePath(base, NAME_LENGTH_MAX).trim() || 'dataset';
}
