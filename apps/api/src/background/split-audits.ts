/**
 * Audits splits on a thread of their own, so that no event or comparison waits for one. A split is audited once at a
 * time, however many requests ask for it.
 */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { auditStoredSplit, listUnauditedSplits } from '@microtome/store/split/split-audit';
import type { StoredEvidence } from '@microtome/store/split/stored-evidence';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import { createBackground } from './background.ts';

export type SplitAudits = {
  /** The verdict on one split; runs the audit if there is none. */
  audit(splitId: string): Promise<SplitAudit>;
  /** Progress of an audit that runs in this process, from 0 to 1; null when none does. */
  findProgress(splitId: string): number | null;
  /** Audits every split without a verdict, one by one. Resolves to how many got one. */
  auditPending(): Promise<number>;
  /** The same without waiting for it. */
  wake(): void;
  /** Abandons the audits that run: the next start takes them up again. */
  close(): Promise<void>;
};

export function createSplitAudits({ store, log }: { store: Store; log: Logger }): SplitAudits {
  const background = createBackground();
  const underWay = new Map<string, { auditing: Promise<SplitAudit>; share: number }>();
  const passes = new Set<Promise<number>>();
  let isClosing = false;

  function compute(splitId: string, evidence: StoredEvidence): Promise<SplitAudit> {
    return background.audit(evidence, (share) => Object.assign(underWay.get(splitId) ?? {}, { share }));
  }

  function audit(splitId: string): Promise<SplitAudit> {
    const known = underWay.get(splitId);
    if (known) return known.auditing;
    const auditing = auditStoredSplit(store, { splitId, compute: (evidence) => compute(splitId, evidence) });
    const ending = auditing.finally(() => underWay.delete(splitId));
    underWay.set(splitId, { auditing: ending, share: 0 });
    return ending;
  }

  /** A failed audit does not stop the others; the next pass tries it again. */
  async function passOnce(): Promise<number> {
    let audited = 0;
    for (const splitId of await listUnauditedSplits(store)) {
      if (isClosing) break;
      try {
        await audit(splitId);
        audited += 1;
      } catch (error) {
        if (!isClosing) log.error({ splitId, err: error }, 'a split could not be audited');
      }
    }
    return audited;
  }

  function auditPending(): Promise<number> {
    const pass = passOnce().finally(() => passes.delete(pass));
    passes.add(pass);
    return pass;
  }

  return {
    audit,
    findProgress: (splitId) => underWay.get(splitId)?.share ?? null,
    auditPending,
    wake() {
      auditPending().catch((error) => log.error({ err: error }, 'splits could not be audited'));
    },
    async close() {
      isClosing = true;
      await background.close();
      await Promise.allSettled([...passes, ...[...underWay.values()].map(({ auditing }) => auditing)]);
    },
  };
}
