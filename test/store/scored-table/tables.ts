/** Tables of scores for tests: a small one whose figures were worked out elsewhere, and the way from a text to a table. */
import { evaluateTable, type TablePlan } from '@microtome/domain/scored-table/evaluate-table';
import { openTableBytes } from '@microtome/store/import/table/open-table';
import { readScoredTable, type ScoredTableWishes } from '@microtome/store/scored-table/read-scored-table';
import { parquetWriteBuffer } from 'hyparquet-writer';

export const PLAN: TablePlan = {
  threshold: null,
  thresholdRule: 'youden',
  targetSensitivity: 0.95,
  reference: null,
  draws: 200,
  seed: 1,
};

const WISHES: ScoredTableWishes = {
  map: [],
  scores: [],
  unit: null,
  positive: [],
  negative: null,
  rule: null,
  pattern: null,
};

/** Twenty rows of six patients at two sites, scored by two models. */
export const SMALL = `patient,site,label,deep,wide
P1,A,tumor,0.91,0.72
P1,A,tumor,0.83,0.35
P1,A,normal,0.42,0.51
P1,A,normal,0.12,0.22
P2,A,tumor,0.67,0.81
P2,A,normal,0.55,0.33
P2,A,normal,0.08,0.47
P3,A,tumor,0.38,0.66
P3,A,tumor,0.95,0.58
P3,A,normal,0.21,0.62
P4,B,tumor,0.74,0.41
P4,B,normal,0.33,0.19
P4,B,normal,0.29,0.55
P5,B,tumor,0.88,0.77
P5,B,tumor,0.49,0.44
P5,B,normal,0.61,0.29
P6,B,tumor,0.79,0.93
P6,B,normal,0.17,0.38
P6,B,normal,0.45,0.13
P6,B,normal,0.03,0.08
`;

/** The same as Parquet: texts as such, scores as numbers. */
export function packSmall(
  options: Pick<Parameters<typeof parquetWriteBuffer>[0], 'codec' | 'compressors'> = {},
): Buffer {
  const [head = [], ...rows] = SMALL.trim()
    .split('\n')
    .map((row) => row.split(','));
  const columnData = head.map((name, at) => ({
    name,
    data: rows.map((row) => (at < 3 ? row[at] : Number(row[at]))),
    type: at < 3 ? ('STRING' as const) : ('DOUBLE' as const),
  }));
  return Buffer.from(parquetWriteBuffer({ columnData, ...options }));
}

export async function readText(text: string, wishes: Partial<ScoredTableWishes> = {}) {
  const table = await openTableBytes('scores.csv', Buffer.from(text));
  return readScoredTable(table, { ...WISHES, ...wishes });
}

export async function evaluateText(
  text: string,
  { wishes = {}, plan = {} }: { wishes?: Partial<ScoredTableWishes>; plan?: Partial<TablePlan> } = {},
) {
  return evaluateTable(await readText(text, wishes), { ...PLAN, ...plan });
}
