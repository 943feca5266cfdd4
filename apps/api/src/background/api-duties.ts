/**
 * What the API does periodically: frees stuck runs, fails imports whose process is gone, audits splits that have no
 * audit, carries deletions out, deletes uploads that were given up, files that no row names and deliveries of long ago. Any number of API processes may do it at once.
 */
import { forgetOldDeliveries } from '@microtome/store/announcement/deliveries';
import { performDeletions } from '@microtome/store/deletion/perform-deletions';
import { sweepArtifacts } from '@microtome/store/duties/artifact-sweep';
import type { Duty } from '@microtome/store/duties/duties';
import { listRunDuties } from '@microtome/store/duties/run-duties';
import { failInterruptedImports } from '@microtome/store/import/start-dataset-import';
import type { Store } from '@microtome/store/store';
import type { Uploads } from '@microtome/store/upload/uploads';
import type { SplitAudits } from './split-audits.ts';

const IMPORTS_INTERVAL_MS = 15_000;
const DELETIONS_INTERVAL_MS = 2_000;
const AUDITS_INTERVAL_MS = 15_000;
const SWEEP_INTERVAL_MS = 60 * 60_000;

type Means = { store: Store; audits: SplitAudits; uploads: Uploads | null };

export function listApiDuties({ store, audits, uploads }: Means): Duty[] {
  return [
    ...listRunDuties(store),
    {
      name: 'fail interrupted imports',
      intervalMs: IMPORTS_INTERVAL_MS,
      perform: () => failInterruptedImports(store),
    },
    {
      name: 'perform deletions',
      intervalMs: DELETIONS_INTERVAL_MS,
      perform: () => performDeletions(store),
    },
    {
      name: 'audit splits',
      intervalMs: AUDITS_INTERVAL_MS,
      perform: () => audits.auditPending(),
    },
    {
      name: 'forget old deliveries',
      intervalMs: SWEEP_INTERVAL_MS,
      perform: () => forgetOldDeliveries(store),
    },
    {
      name: 'sweep uploads',
      intervalMs: SWEEP_INTERVAL_MS,
      perform: async () => (await uploads?.sweep()) ?? 0,
    },
    {
      name: 'sweep artifacts',
      intervalMs: SWEEP_INTERVAL_MS,
      perform: async () => {
        const { rows, files } = await sweepArtifacts(store);
        return rows + files;
      },
    },
  ];
}
