/**
 * Turns what the schema found wrong with a hyperparameter into a sentence: the key, the value that was
 * given and what would be accepted.
 */
import type { z } from 'zod';

type KnobSchema = {
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
  const knobs = context.schema.properties as Record<string, KnobSchema>;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => describeUnknownKey(key, knobs));
  const key = issue.path[0];
  if (typeof key !== 'string') return ['Hyperparameters must be an object of names and values.'];
  const value = (context.input as Record<string, unknown>)[key];
  return [
    `Hyperparameter '${key}' is ${JSON.stringify(value) ?? String(value)}: ${describeKnob(knobs[key] ?? {})}.`,
  ];
}

function describeUnknownKey(key: string, knobs: Record<string, KnobSchema>): string {
  const near = Object.keys(knobs).find(
    (known) => known.toLowerCase() === key.replace(/[-_]/g, '').toLowerCase(),
  );
  const hint = near ? `did you mean '${near}'?` : `known are ${Object.keys(knobs).join(', ')}.`;
  return `There is no hyperparameter '${key}': ${hint}`;
}

function describeKnob(knob: KnobSchema): string {
  if (knob.enum) return `it must be one of ${knob.enum.join(', ')}`;
  if (knob.type === 'boolean') return 'it must be true or false';
  const noun = knob.type === 'integer' ? 'a whole number' : 'a number';
  const from =
    knob.exclusiveMinimum === undefined ? `from ${knob.minimum}` : `above ${knob.exclusiveMinimum}`;
  return `it must be ${noun} ${from} to ${knob.maximum}`;
}
