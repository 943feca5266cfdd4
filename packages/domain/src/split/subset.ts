/** The three sides of a split. A patient belongs to exactly one of them, or is left out of the split. */

export const SUBSETS = ['TRAIN', 'VALIDATION', 'TEST'] as const;

export type Subset = (typeof SUBSETS)[number];
