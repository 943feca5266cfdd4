/** Names a split by its content: two splits with the same digest divide the same data in the same way. */
import { createHash } from 'node:crypto';
import { compareKeys, type PatientAssignment, type SplitFractions, type SplitStrategy } from './split.ts';

const FORMAT = 'microtome split 1';

/**
 * SHA-256 (64 hex digits) over the strategy, seed, fractions, the dataset's digest and one line per patient
 * in the order of the keys. The order of the assignments does not matter. Seed and fractions are null where
 * a strategy has none; a split by patch has no assignments and is fully given by the rest, or by the sides of its patches
 * where a list gives them.
 */
export function digestSplit(split: {
  strategy: SplitStrategy;
  seed: number | null;
  fractions: SplitFractions | null;
  datasetDigest: string;
  assignments: readonly PatientAssignment[];
  patchSides?: Uint8Array | undefined;
}): string {
  const { strategy, seed, fractions, datasetDigest, assignments, patchSides } = split;
  const shares = fractions ? [fractions.train, fractions.validation, fractions.test] : null;
  const lines = [...assignments]
    .sort((a, b) => compareKeys(a.patientKey, b.patientKey))
    .map(({ patientKey, subset }) => JSON.stringify([patientKey, subset]));
  const header = [FORMAT, strategy, JSON.stringify(seed), JSON.stringify(shares), datasetDigest];
  return createHash('sha256')
    .update([...header, ...lines].join('\n'), 'utf8')
    .update(patchSides ?? '')
    .digest('hex');
}
