/** A column of the run table: what it is called, what it says of a run, and how that is shown. */
import type { ReactNode } from 'react';
import type { RunFieldType, RunsQuery } from '../../../graphql/generated/graphql.ts';
import type { LiveProgress } from '../../../run/use-live-progress.ts';

export type ListedRun = RunsQuery['runs']['edges'][number]['node'];
export type RunTableRow = ListedRun & { live?: LiveProgress };

export type RunColumn = {
  /** As the line names it; it is the column's name in the address too. */
  name: string;
  title: string;
  about: string;
  /** Null where it is no field that runs are asked by. */
  type: RunFieldType | null;
  /** Whether there is a mean of it, and a difference between two runs. */
  isNumber: boolean;
  /** What the table is sorted by at a click; null where there is no order. */
  sort: string | null;
  widthPx: number;
  align?: 'right';
  /** Whether it is shown without links and buttons, so that it may be one itself. */
  isPlain: boolean;
  /** A number of it, such as a mean. */
  write: (value: number) => string;
  /** Undefined while it is not known yet. */
  read: (run: RunTableRow) => unknown;
  show: (run: RunTableRow) => ReactNode;
};
