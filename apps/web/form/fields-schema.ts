/** The zod schema of form fields that were read from a JSON Schema: typed text becomes values, or one sentence a field. Pure. */
import './checked-values.ts';
import * as z from 'zod/mini';
import { parseField, type SchemaField, type SchemaValue } from './schema-fields.ts';

/** What is not typed at all is the default; what no field asks for is left out. */
export function createFieldsSchema(fields: readonly SchemaField[]) {
  const read = z.transform((typed: Record<string, unknown>, { issues }) => {
    const values: Record<string, SchemaValue> = {};
    for (const field of fields) {
      const { value, error } = parseField(field, typed[field.key] ?? field.fallback);
      if (error === null) values[field.key] = value;
      else issues.push({ code: 'custom', message: error, path: [field.key], input: typed });
    }
    return values;
  });
  return z.pipe(z.record(z.string(), z.unknown()), read);
}
