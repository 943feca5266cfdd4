/** What is typed into the launch form, and what it is read as. Pure. */
import '../../form/checked-values.ts';
import * as z from 'zod/mini';
import { createFieldsSchema } from '../../form/fields-schema.ts';
import type { SchemaField } from '../../form/schema-fields.ts';
import { parseTags } from '../../run/parse-tags.ts';
import { createSweepSchema } from './sweep-draft.ts';

export function createLaunchSchema(fields: readonly SchemaField[]) {
  return z.object({
    target: z.object({
      datasetId: z.string(),
      splitId: z.string(),
      /** Empty: a new experiment of the name below. */
      experimentId: z.string(),
      experimentName: z.string().check(z.trim()),
      /** Of the new experiment; empty: the first of the dataset. */
      taskId: z.string(),
    }),
    hyperparameters: createFieldsSchema(fields),
    sweep: createSweepSchema(fields),
    about: z.object({
      name: z.string().check(z.trim()),
      tags: z.pipe(z.string(), z.transform(parseTags)),
      notes: z.pipe(
        z.string().check(z.trim()),
        z.transform((notes: string) => notes || null),
      ),
      backend: z.string(),
    }),
  });
}

type LaunchSchema = ReturnType<typeof createLaunchSchema>;

export type LaunchInput = z.input<LaunchSchema>;
export type LaunchOutput = z.output<LaunchSchema>;
export type LaunchTarget = LaunchInput['target'];
