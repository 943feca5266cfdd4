/** What a user may choose for an import, checked before anything is read. */
import { basename } from 'node:path';
import { AppError } from '@microtome/domain/app-error';
import { findUnprintable } from '@microtome/domain/printable-text';
import { SEED_MAX } from '@microtome/domain/seeded-random';
import { CLASSES_MAX } from '@microtome/domain/task/task';
import { z } from 'zod';
import { NAME_LENGTH_MAX } from '../database/text-fields.ts';
import { printablePath } from './refusal.ts';

const schema = z.strictObject({
  path: z.string().refine((path) => path.trim() !== '', 'must not be empty'),
  name: z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(NAME_LENGTH_MAX, `must have at most ${NAME_LENGTH_MAX} characters`)
    .refine(
      (name) => findUnprintable(name) === null,
      'must not hold line breaks or characters that cannot be seen',
    )
    .nullish(),
  maxPatches: z.int('must be a whole number').min(1, 'must be at least 1').nullish(),
  seed: z
    .int('must be a whole number')
    .min(0, 'must not be negative')
    .max(SEED_MAX, `must be at most ${SEED_MAX}`)
    .nullish(),
  positive: z
    .array(z.string().trim().min(1, 'must not hold an empty name'))
    .min(1, 'must name a class')
    .max(CLASSES_MAX, `must name at most ${CLASSES_MAX} classes`)
    .nullish(),
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
};

/** Checks the options and fills in the defaults. @throws AppError BAD_INPUT that names the wrong option */
export function parseImportOptions(input: ImportOptionsInput): ImportOptions {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'import'} ${issue.message}`);
    throw new AppError('BAD_INPUT', `The import cannot start: ${faults.join('; ')}.`);
  }
  const { path, name, maxPatches, seed, positive } = parsed.data;
  return {
    path,
    name: name ?? nameOf(path),
    isNameChosen: name != null,
    maxPatches: maxPatches ?? null,
    seed: seed ?? 0,
    positive: positive ?? null,
  };
}

function nameOf(path: string): string {
  const base = basename(path.replace(/[\\/]+$/, '')).replace(/\.zip$/i, '');
  return printablePath(base, NAME_LENGTH_MAX).trim() || 'dataset';
}
