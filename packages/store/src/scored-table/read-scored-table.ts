/** A table of scores, read row by row from CSV, TSV or Parquet: at no time does all of its text lie in memory. */
import { collectRows } from '@microtome/domain/scored-table/collect-rows';
import { findScoreColumns, type ScoreWish } from '@microtome/domain/scored-table/score-columns';
import {
  buildScoredTable,
  type ScoredTable,
  type TableReading,
} from '@microtome/domain/scored-table/scored-table';
import type { SplittingUnit } from '@microtome/domain/unit/splitting-unit';
import type { Table, TableRow } from '../import/table/table.ts';

export type ScoredTableWishes = TableReading & {
  /** KEY=COLUMN, as of a manifest. */
  map: readonly string[];
  /** Found by name or by what they hold where it is empty. */
  scores: readonly ScoreWish[];
  unit: SplittingUnit | null;
};

/** @throws AppError BAD_INPUT that names the line, or what the table lacks */
export async function readScoredTable(table: Table, wishes: ScoredTableWishes): Promise<ScoredTable> {
  const batches = table.batches[Symbol.asyncIterator]();
  const first = await batches.next();
  const rows: readonly TableRow[] = first.done ? [] : first.value;
  const sample = { columns: table.columns, rows: rows.map(({ cells }) => cells) };
  const columns = findScoreColumns(sample, wishes);
  const collector = collectRows(columns, table.unit);
  for (const row of rows) collector.add(row);
  for (let next = await batches.next(); !next.done; next = await batches.next()) {
    for (const row of next.value) collector.add(row);
  }
  return buildScoredTable(columns, collector.finish(), wishes);
}
