/** How far a deletion is, in a sentence and as a share. Pure. */
import { formatBytes, formatCount } from '../format/format-number.ts';
import type { DeletionStateFragment } from '../graphql/generated/graphql.ts';

/** Finished ones are shown this long, so that what was freed is seen. */
const SHOWN_AFTER_MS = 60_000;

type DeletionText = { sentence: string; share: number | null };

export function describeDeletion(deletion: DeletionStateFragment): DeletionText {
  const { name, rowsTotal, rowsDone, bytesTotal, bytesFreed, finishedAt } = deletion;
  if (finishedAt) return { sentence: `${name} was deleted: ${formatBytes(bytesFreed)} freed.`, share: 1 };
  if (rowsDone < rowsTotal) {
    const sentence = `${name} is being deleted: ${formatCount(rowsDone)} of ${formatCount(rowsTotal)} patches.`;
    return { sentence, share: rowsDone / rowsTotal };
  }
  const sentence = `${name} is being deleted: ${formatBytes(bytesFreed)} of ${formatBytes(bytesTotal)} freed.`;
  return { sentence, share: Number(bytesTotal) > 0 ? Number(bytesFreed) / Number(bytesTotal) : null };
}

export function pickShownDeletions<Row extends Pick<DeletionStateFragment, 'finishedAt'>>(
  deletions: readonly Row[],
  nowMs: number,
): Row[] {
  return deletions.filter(
    ({ finishedAt }) => !finishedAt || (nowMs > 0 && nowMs - Date.parse(finishedAt) < SHOWN_AFTER_MS),
  );
}
