/**
 * Turns what the schema found wrong with a hyperparameter into a sentence: the key, the value that was
 * given and what would be accepted.
 */
import type { z } from 'zod';

type HyperparameterSchema = {
  type?: string;
  enum?: string[];
  minimum?: number;
  exclusiveMinimum?: number;
  maximum?: number;
};

/** One sentence per fault (an issue about unknown keys names several). */
export function describeHyperparameterIssue(
  issue: z.core.$ZodIssue,
  context: { input: unknown; schema: Record<string, unknown> },
): string[] {
  const properties = context.schema.properties as Record<string, HyperparameterSchema>;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknownKey(key, properties));
  const key = issue.path[0];
  if (typeof key !== 'string') return ['Hyperparameters must be an object of names and values.'];
  const value = (context.input as Record<string, unknown>)[key];
  return [
    `Hyperparameter '${key}' is ${JSON.stringify(value) ?? String(value)}: ${describeRange(properties[key] ?? {})}.`,
  ];
}

function describeUnknownKey(key: string, properties: Record<string, HyperparameterSchema>): string {
  const near = Object.keys(properties).find(
    (known) => known.toLowerCase() === key.replace(/[-_]/g, '').toLowerCase(),
  );
  const hint = near ? `did you mean '${near}'?` : `known are ${Object.keys(properties).join(', ')}.`;
  return `There is no hyperparameter '${key}': ${hint}`;
}

function describeRange(property: HyperparameterSchema): string {
  if (property.enum) return `it must be one of ${property.enum.join(', ')}`;
  if (property.type === 'boolean') return 'it must be true or false';
  const noun = property.type === 'integer' ? 'a whole number' : 'a number';
  const from =
    property.exclusiveMinimum === undefined
      ? `from ${property.minimum}`
      : `above ${property.exclusiveMinimum}`;
  return `it must be ${noun} ${from} to ${property.maximum}`;
}
