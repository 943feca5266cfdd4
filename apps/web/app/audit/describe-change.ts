/** What of a row a change changed: the columns whose values differ, with both. */

type Row = Record<string, unknown>;
type ChangedColumn = { column: string; before: string; after: string };

export function describeChange(before: unknown, after: unknown): ChangedColumn[] {
  const [old, now] = [toRow(before), toRow(after)];
  if (!old && !now) return [];
  const columns = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])].sort();
  return columns.flatMap((column) => {
    const [was, is] = [print(old?.[column]), print(now?.[column])];
    return was === is ? [] : [{ column, before: was, after: is }];
  });
}

function toRow(value: unknown): Row | null {
  return typeof value === 'object' && value !== null ? (value as Row) : null;
}

function print(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
