/** A table of scores that came as text, read and evaluated: the work of the background thread. */
import {
  evaluateTable,
  type TableEvaluation,
  type TablePlan,
} from '@microtome/domain/scored-table/evaluate-table';
import { openTableBytes } from '@microtome/store/import/table/open-table';
import { readScoredTable, type ScoredTableWishes } from '@microtome/store/scored-table/read-scored-table';

export type TextRequest = { name: string; text: string; wishes: ScoredTableWishes; plan: TablePlan };

/** @throws AppError BAD_INPUT that names the line, or what the table lacks */
export async function evaluateText({ name, text, wishes, plan }: TextRequest): Promise<TableEvaluation> {
  const table = await openTableBytes(name, Buffer.from(text));
  return evaluateTable(await readScoredTable(table, wishes), plan);
}
