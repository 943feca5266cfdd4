/** Fields of runs by the texts that name them. A list asks for the same ones in each of its rows: each text is read once, and gives one object. */
import { parseRunField } from '@microtome/domain/run-query/parse-query';
import type { RunField } from '@microtome/domain/run-query/run-field';
import { LRUCache } from 'lru-cache';

const KEPT_FIELDS = 1_000;
const kept = new LRUCache<string, RunField>({ max: KEPT_FIELDS });

/** BAD_INPUT with the place in the text. */
export function readRunField(text: string): RunField {
  const known = kept.get(text);
  if (known) return known;
  const field = parseRunField(text);
  kept.set(text, field);
  return field;
}
