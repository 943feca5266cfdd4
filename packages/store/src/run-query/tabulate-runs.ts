/** All runs that match with the values of chosen fields, page by page: a table of them, however many they are. */
import { AppError } from '@microtome/domain/app-error';
import type { RunField } from '@microtome/domain/run-query/run-field';
import type { RunSortKey } from '@microtome/domain/run-query/run-filter';
import type { Store } from '../store.ts';
import { listRunValues, nameFigure } from './run-figures.ts';
import { countSelectedRuns, listRunPage, type RunPlace, type RunSelection } from './run-pages.ts';

/** What one process writes as a file in a few seconds. */
const RUNS_MAX = 100_000;
const PAGE_SIZE = 1_000;

type TableRequest = RunSelection & { sort: readonly RunSortKey[]; fields: readonly RunField[] };

/** The values of each field, in the order of the runs. BAD_INPUT where too many match. */
export async function tabulateRuns(store: Store, request: TableRequest): Promise<unknown[][]> {
  const { fields, sort, ...selection } = request;
  const count = await countSelectedRuns(store, selection);
  if (count > RUNS_MAX) {
    throw new AppError(
      'BAD_INPUT',
      `There are ${count} runs that match: at most ${RUNS_MAX} fit into a table.`,
    );
  }
  const columns: unknown[][] = fields.map(() => []);
  let after: RunPlace | null = null;
  for (;;) {
    const page = await listRunPage(store, { ...selection, sort, take: PAGE_SIZE, after });
    const runIds = page.places.map(({ runId }) => runId);
    const values = await listRunValues(store, { runIds, fields });
    for (const runId of runIds) {
      for (const [at, field] of fields.entries()) {
        columns[at]?.push(values.get(nameFigure({ runId, field })) ?? null);
      }
    }
    after = page.places.at(-1) ?? null;
    if (!page.hasNextPage || after === null) return columns;
  }
}
