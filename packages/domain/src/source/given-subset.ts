/** The words by which publishers name the sides of a split, as folders or in a column. */
import type { Subset } from '../split/subset.ts';

const WORDS: Record<string, Subset> = {
  train: 'TRAIN',
  training: 'TRAIN',
  trn: 'TRAIN',
  val: 'VALIDATION',
  valid: 'VALIDATION',
  validation: 'VALIDATION',
  validate: 'VALIDATION',
  dev: 'VALIDATION',
  tune: 'VALIDATION',
  test: 'TEST',
  testing: 'TEST',
  tst: 'TEST',
};

/** Null when the word names no side. */
export function parseGivenSubset(word: string): Subset | null {
  return (
    WORDS[
      word
        .trim()
        .toLowerCase()
        .replace(/[_ -]?(set|split|data)$/, '')
    ] ?? null
  );
}
