/** The best runs of each split by one figure of their evaluations: one statement over rows that are kept sorted by it. */
import { isSmallerBetter } from '@microtome/domain/metrics/metric';
import type { RunFigure } from '@microtome/domain/run-query/run-field';
import { Prisma } from '../../generated/prisma/client.ts';
import { selectRows } from '../database/select-rows.ts';
import type { Store } from '../store.ts';
import { type RunSelection, selectionSql } from './run-pages.ts';

export type LeaderboardEntry = {
  runId: string;
  splitId: string;
  /** From 1 within its split; runs of one value share it. */
  rank: number;
  value: number;
  low: number | null;
  high: number | null;
};

type LeaderboardRequest = RunSelection &
  Pick<RunFigure, 'subset' | 'name'> & {
    /** Null for every split. */
    splitId: string | null;
    /** How many of each split. */
    perSplit: number;
    take: number;
  };

/** By split, best first. Runs without the figure, those whose TEST is sealed among them, have no place. */
export async function listLeaderboard(
  store: Store,
  request: LeaderboardRequest,
): Promise<LeaderboardEntry[]> {
  const { subset, name, splitId, perSplit, take } = request;
  const direction = isSmallerBetter(name) ? Prisma.sql`asc` : Prisma.sql`desc`;
  const ofSplit = splitId === null ? Prisma.sql`true` : Prisma.sql`run.split_id = ${splitId}::uuid`;
  return selectRows<LeaderboardEntry>(
    store,
    Prisma.sql`select "runId", "splitId", rank::int, value, low, high from (
        select run.id::text as "runId", run.split_id::text as "splitId", run_figure.value, run_figure.low, run_figure.high,
          rank() over (partition by run.split_id order by run_figure.value ${direction}) as rank,
          row_number() over (partition by run.split_id order by run_figure.value ${direction}, run.id) as place
        from run join run_figure on run_figure.run_id = run.id
          and run_figure.subset = ${subset} and run_figure.name = ${name}
        where ${ofSplit} and ${selectionSql(request)}) as ranked
      where place <= ${perSplit}::int order by "splitId", place limit ${take}::int`,
  );
}
