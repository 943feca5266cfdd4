/** The rows of a table within the bounds of an import. */
import { AppError } from '@microtome/domain/app-error';
import { IMPORT_LIMITS } from '../import-limits.ts';
import { printablePath } from '../refusal.ts';
import type { Table, TableRow } from '../table/table.ts';

/** @throws AppError BAD_INPUT as soon as there are too many; whatever the signal aborts with */
export async function* countRows(table: Table, signal: AbortSignal): AsyncGenerator<readonly TableRow[]> {
  let count = 0;
  for await (const batch of table.batches) {
    signal.throwIfAborted();
    count += batch.length;
    if (count > IMPORT_LIMITS.tableRowsMax) {
      const [limit, files] = [IMPORT_LIMITS.tableRowsMax, IMPORT_LIMITS.filesMax].map((n) =>
        n.toLocaleString('en'),
      );
      throw new AppError(
        'BAD_INPUT',
        `${printablePath(table.path)} has more than ${limit} rows; a dataset has at most ${files} files. Divide it.`,
      );
    }
    yield batch;
  }
}
