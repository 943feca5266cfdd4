/**
 * Which runs are looked for, as data: what a line of text and the filter of the API both become, and what the store turns
 * into SQL. A run that lacks what a condition asks for does not match it, and matches its opposite.
 */
import type { Subset } from '../split/subset.ts';
import type { RunField, RunFigure } from './run-field.ts';

export const COMPARISONS = ['=', '!=', '<', '<=', '>', '>='] as const;
export type Comparison = (typeof COMPARISONS)[number];

export type Scalar = string | number | boolean;

export type RunValue =
  | { kind: 'LITERAL'; value: Scalar }
  /** A moment, as ISO 8601 text in UTC. */
  | { kind: 'TIME'; at: string }
  /** So many seconds before now. */
  | { kind: 'AGO'; seconds: number }
  /** A figure of the run behind `champion` of a model, `[PROJECT/]NAME`; that run, once it was looked up for who asks. */
  | { kind: 'CHAMPION'; model: string; figure: RunFigure; runId?: string };

export type TagQuantifier = 'ALL' | 'ANY' | 'NONE';

export type RunFilter =
  | { kind: 'AND' | 'OR'; filters: readonly RunFilter[] }
  | { kind: 'NOT'; filter: RunFilter }
  | { kind: 'COMPARE'; field: RunField; operator: Comparison; value: RunValue }
  | { kind: 'IN'; field: RunField; values: readonly Scalar[] }
  /** `%` stands for any text, `_` for one character, in any case. */
  | { kind: 'LIKE'; field: RunField; pattern: string }
  /** Anywhere, in any case. */
  | { kind: 'CONTAINS'; field: RunField; text: string }
  | { kind: 'EMPTY'; field: RunField }
  | { kind: 'TAGS'; quantifier: TagQuantifier; tags: readonly string[] }
  /** In a split by patch, a patient of the dataset counts as being on every side. */
  | { kind: 'PATIENT'; key: string; subset: Subset };

export type RunSortKey = { field: RunField; direction: 'ASC' | 'DESC' };
