/** The zod schema of form fields that were read from a JSON Schema: typed text becomes values, or one sentence a field. Pure. */
import { z } from 'zod';
import { parseField, type SchemaField, type SchemaValue } from './schema-fields.ts';

/** What is not typed at all is the default. */
export function createFieldsSchema(fields: readonly SchemaField[]) {
  return z
    .record(z.string(), z.unknown())
    .pipe(z.object(Object.fromEntries(fields.map((field) => [field.key, createFieldSchema(field)]))));
}

function createFieldSchema(field: SchemaField): z.ZodType<SchemaValue> {
  return z.unknown().transform((typed, context) => {
    const { value, error } = parseField(field, typed ?? field.fallback);
    if (error === null) return value;
    context.addIssue({ code: 'custom', message: error });
    return z.NEVER;
  });
}
