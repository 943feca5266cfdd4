/**
 * Writes answers as JSON. What was written before stands in an answer as its text, and only what holds such is walked: JSON.stringify
 * writes the rest faster than any walk.
 */
import { KnownObject } from './kept-objects.ts';

type Answer = { errors?: unknown; data?: object | null; extensions?: unknown };
/** Which objects and lists of an answer hold known objects, whether in themselves or further down. */
type Holders = Set<unknown>;
type Place = { above: Place | null; into: unknown };

const holdersOf = new WeakMap<object, Holders>();

/** A known object stands in an answer as it is; all that it stands in is told to hold one. */
export function standKnown(known: KnownObject, holders: Holders, place: Place): Record<string, unknown> {
  for (let at: Place | null = place; at && !holders.has(at.into); at = at.above) holders.add(at.into);
  return known as unknown as Record<string, unknown>;
}

/** For who writes the answer. */
export function keepHolders(data: object, holders: Holders): void {
  if (holders.size > 0) holdersOf.set(data, holders);
}

export function writeAnswer(answer: Answer): string {
  const { data, ...others } = answer;
  const holders = data && holdersOf.get(data);
  if (!holders) return JSON.stringify(answer);
  const parts = Object.entries({ ...others, data }).flatMap(([key, value]) =>
    value === undefined ? [] : `"${key}":${write(value, holders)}`,
  );
  return `{${parts.join(',')}}`;
}

function write(value: unknown, holders: Holders): string {
  if (value instanceof KnownObject) return value.text;
  if (!holders.has(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((entry) => write(entry, holders)).join(',')}]`;
  const object = value as Record<string, unknown>;
  let text = '';
  // Names of GraphQL need no escape.
  for (const key in object) text += `${text === '' ? '' : ','}"${key}":${write(object[key], holders)}`;
  return `{${text}}`;
}
