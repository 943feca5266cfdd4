/**
 * Turns a JSON Schema of the API (of hyperparameters, of a gate's policy) into form fields, and typed text back into
 * values. The page has no list of fields: a new one appears as soon as the API describes it. Pure.
 */

export type SchemaValue = number | string | boolean;
export type SchemaField = {
  key: string;
  description: string;
  fallback: SchemaValue;
} & (
  | { kind: 'choice'; choices: readonly string[] }
  | { kind: 'flag' }
  | { kind: 'number'; integer: boolean; min: number | null; above: number | null; max: number | null }
);
/** A value that a record holds, next to what the schema says of it. */
type StoredValue = {
  key: string;
  value: unknown;
  fallback: SchemaValue | null;
  description: string;
  changed: boolean;
};

type SchemaProperty = {
  type?: unknown;
  enum?: unknown;
  default?: unknown;
  description?: unknown;
  minimum?: unknown;
  exclusiveMinimum?: unknown;
  maximum?: unknown;
};

/** Fields in the schema's order. What is not a choice, a flag or a number is left to its default. */
export function readSchemaFields(jsonSchema: unknown): SchemaField[] {
  const properties = asRecord(asRecord(jsonSchema).properties);
  return Object.entries(properties).flatMap(([key, property]) => {
    const field = readField(key, asRecord(property));
    return field ? [field] : [];
  });
}

export function getDefaults(fields: readonly SchemaField[]): Record<string, SchemaValue> {
  return Object.fromEntries(fields.map(({ key, fallback }) => [key, fallback]));
}

/** The value of what was typed, or the sentence that says what would be accepted. */
export function parseField(
  field: SchemaField,
  typed: unknown,
): { value: SchemaValue; error: null } | { value: null; error: string } {
  if (field.kind === 'flag') return { value: typed === true || typed === 'true', error: null };
  if (field.kind === 'choice') {
    const text = String(typed);
    if (field.choices.includes(text)) return { value: text, error: null };
    return { value: null, error: `One of ${field.choices.join(', ')}.` };
  }
  const value = typeof typed === 'number' ? typed : Number(String(typed).trim() || Number.NaN);
  if (fits(field, value)) return { value, error: null };
  return { value: null, error: `${describeRange(field)}.` };
}

/** The values of all fields whose text can be read; what is not typed at all is the default. */
export function readTyped(
  typed: Readonly<Record<string, unknown>>,
  fields: readonly SchemaField[],
): Record<string, SchemaValue> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const { value, error } = parseField(field, typed[field.key] ?? field.fallback);
      return error === null ? [[field.key, value]] : [];
    }),
  );
}

/** "A whole number from 1 to 500". */
export function describeRange(field: Extract<SchemaField, { kind: 'number' }>): string {
  const noun = field.integer ? 'A whole number' : 'A number';
  const from =
    field.above !== null ? ` above ${field.above}` : field.min !== null ? ` from ${field.min}` : '';
  const to = field.max !== null ? ` ${field.above !== null ? 'up ' : ''}to ${field.max}` : '';
  return `${noun}${from}${to}`;
}

/** Only what differs from the defaults is sent and shown as changed. */
export function pickChanged(
  values: Record<string, SchemaValue>,
  fields: readonly SchemaField[],
): Record<string, SchemaValue> {
  const changed = fields.filter(({ key, fallback }) => values[key] !== undefined && values[key] !== fallback);
  return Object.fromEntries(changed.map(({ key }) => [key, values[key] as SchemaValue]));
}

/** A record's values in the schema's order; those that the schema no longer knows come last. */
export function listSchemaValues(record: unknown, fields: readonly SchemaField[]): StoredValue[] {
  const values = asRecord(record);
  const known = new Map(fields.map((field) => [field.key, field]));
  const keys = [...fields.map(({ key }) => key), ...Object.keys(values)];
  return [...new Set(keys)]
    .filter((key) => key in values)
    .map((key) => {
      const field = known.get(key);
      const fallback = field?.fallback ?? null;
      return {
        key,
        value: values[key],
        fallback,
        description: field?.description ?? '',
        changed: fallback !== null && values[key] !== fallback,
      };
    });
}

/** `learningRateSchedule` → "Learning rate schedule". */
export function titleField(key: string): string {
  const words = key.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

export function describeValue(value: unknown): string {
  if (value === true) return 'yes';
  if (value === false) return 'no';
  if (value === null || value === undefined) return '–';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function readField(key: string, property: SchemaProperty): SchemaField | null {
  const description = typeof property.description === 'string' ? property.description : '';
  const fallback = property.default;
  if (Array.isArray(property.enum) && typeof fallback === 'string') {
    return { key, description, fallback, kind: 'choice', choices: property.enum.map(String) };
  }
  if (property.type === 'boolean' && typeof fallback === 'boolean')
    return { key, description, fallback, kind: 'flag' };
  if ((property.type === 'number' || property.type === 'integer') && typeof fallback === 'number') {
    return {
      key,
      description,
      fallback,
      kind: 'number',
      integer: property.type === 'integer',
      min: asNumber(property.minimum),
      above: asNumber(property.exclusiveMinimum),
      max: asNumber(property.maximum),
    };
  }
  return null;
}

function fits(field: Extract<SchemaField, { kind: 'number' }>, value: number): boolean {
  if (!Number.isFinite(value) || (field.integer && !Number.isInteger(value))) return false;
  if (field.min !== null && value < field.min) return false;
  if (field.above !== null && value <= field.above) return false;
  return field.max === null || value <= field.max;
}

function asNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
