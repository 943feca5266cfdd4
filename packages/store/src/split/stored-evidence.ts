/** What a split's audit is made from, as it can be sent to a thread, and the making: no database, no waiting. */
import { type AuditEvidence, auditEvidence, type SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { openPackedPixels, type PackedPixels } from '../dataset/packed-pixels.ts';

/** What is audited, as it can be sent to a thread; without pixels, near-identical patches are not searched. */
export type StoredEvidence = AuditEvidence & { pixels: PackedPixels | null };

/** The verdict on evidence, on this thread. `onProgress` is told the share that is done, from 0 to 1, now and then. */
export function judgeEvidence(
  { pixels, ...evidence }: StoredEvidence,
  onProgress?: (share: number) => void,
): SplitAudit {
  if (!pixels) return auditEvidence(evidence, { readPatch: null, onProgress });
  const { read, close } = openPackedPixels(pixels);
  try {
    return auditEvidence(evidence, { readPatch: read, onProgress });
  } finally {
    close();
  }
}
