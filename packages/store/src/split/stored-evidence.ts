/** The evidence for a split's audit, in a form that can be sent to a thread, and the audit itself: no database, no waiting. */
import {
  type AuditEvidence,
  auditEvidence,
  isBlankPatch,
  type SplitAudit,
} from '@microtome/domain/audit/audit-evidence';
import { openPatchReader, type PatchReader } from '../dataset/patch-reader.ts';
import type { LocatedPatches } from '../dataset/shard-files.ts';

export type StoredEvidence = Omit<AuditEvidence, 'notes'> & {
  /** Number of each audited patch within its dataset. */
  indexes: Int32Array;
  /** A patch of each group of repeated pixels that is looked at: those of empty glass are then no repetition. */
  samples: { group: number; index: number }[];
  /** Why near-identical patches are not searched, as a sentence; null when they are. */
  whyUnsearched: string | null;
  /** Null when no pixel has to be read. */
  located: LocatedPatches | null;
};

/** The verdict on evidence, on this thread. `onProgress` is told the share that is done, from 0 to 1, now and then. */
export function judgeEvidence(evidence: StoredEvidence, onProgress?: (share: number) => void): SplitAudit {
  if (!evidence.located) return judgePixels(evidence, { reader: null, onProgress });
  // Every patch is read once or twice, mostly in order: nothing is gained by keeping them.
  const reader = openPatchReader(evidence.located, 0);
  try {
    return judgePixels(evidence, { reader, onProgress });
  } finally {
    reader.close();
  }
}

function judgePixels(
  { indexes, samples, whyUnsearched, repeatedPixels, ...facts }: StoredEvidence,
  { reader, onProgress }: { reader: PatchReader | null; onProgress?: (share: number) => void },
): SplitAudit {
  const blanks = new Set(
    samples.filter(({ index }) => reader && isBlankPatch(reader.read(index))).map(({ group }) => group),
  );
  const notes = whyUnsearched ? [whyUnsearched] : [];
  if (blanks.size > 0) {
    notes.push(`Repeated patches without any contrast (empty glass) are not counted: ${blanks.size} kinds.`);
  }
  const counted = repeatedPixels.map((group) => (blanks.has(group) ? 0 : group));
  const readPatch =
    whyUnsearched || !reader ? null : (position: number) => reader.read(indexes[position] as number);
  return auditEvidence({ ...facts, repeatedPixels: counted, notes }, { readPatch, onProgress });
}
