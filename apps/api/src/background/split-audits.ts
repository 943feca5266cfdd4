/**
 * Audits splits on a thread of their own, so that neither an event nor a comparison waits for one. However many ask for
 * a split, it is audited once at a time.
 */
import type { SplitAudit } from '@microtome/domain/audit/audit-evidence';
import { auditStoredSplit, listUnauditedSplits } from '@microtome/store/split/split-audit';
import type { StoredEvidence } from '@microtome/store/split/stored-evidence';
import type { Store } from '@microtome/store/store';
import type { Logger } from 'pino';
import { createBackground } from './background.ts';

export type SplitAudits = {
  /** The verdict on one split, made now when there is none. */
  audit(splitId: string): Promise<SplitAudit>;
  /** The share that is done of an audit under way in this process, from 0 to 1; null when there is none. */
  findProgress(splitId: string): number | null;
  /** Audits every split without a verdict, one after the other. Resolves to how many got one. */
  auditPending(): Promise<number>;
  /** The same without waiting for it. */
  wake(): void;
  /** Gives up what is under way: it is made up for at the next start. */
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

  /** One that fails does not keep the others from their audit; it is tried again with the next pass. */
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
