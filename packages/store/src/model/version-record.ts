/** All that is on record of one model version: its model and acts, its run, the split and dataset behind it, its files. */
import { AppError } from '@microtome/domain/app-error';
import { MODEL_FILE } from '@microtome/domain/model-check/model-check';
import type { Prisma } from '../../generated/prisma/client.ts';
import { type OnSplit, requireSplit } from '../run/split-run.ts';
import type { Store } from '../store.ts';

const withRecord = {
  model: { include: { aliases: { include: { promotion: true } } } },
  promotions: { orderBy: { number: 'asc' } },
  run: {
    include: {
      experiment: {
        include: {
          task: true,
          dataset: {
            include: {
              classes: { orderBy: { position: 'asc' } },
              shards: { include: { artifact: true }, orderBy: { position: 'asc' } },
            },
          },
        },
      },
      split: { include: { testOpenings: { orderBy: { openedAt: 'asc' } } } },
      evaluations: { orderBy: { subset: 'desc' } },
      artifacts: { include: { artifact: true }, orderBy: { role: 'asc' } },
      testOpening: true,
      external: true,
      modelChecks: { where: { status: 'PASSED' }, orderBy: { createdAt: 'desc' }, take: 1 },
      files: { where: { path: MODEL_FILE }, include: { artifact: true } },
      externalEvaluations: {
        where: { status: 'SUCCEEDED' },
        include: { dataset: true, task: true },
        orderBy: { createdAt: 'asc' },
      },
    },
  },
} satisfies Prisma.ModelVersionInclude;

type StoredRecord = Prisma.ModelVersionGetPayload<{ include: typeof withRecord }>;
/** What is promoted stands on a split. */
export type VersionRecord = Omit<StoredRecord, 'run'> & { run: OnSplit<StoredRecord['run']> };

/** NOT_FOUND when there is no such version. */
export async function getVersionRecord(store: Store, versionId: string): Promise<VersionRecord> {
  const version = await store.database.prisma.modelVersion.findUnique({
    where: { id: versionId },
    include: withRecord,
  });
  if (!version) throw new AppError('NOT_FOUND', `There is no model version ${versionId}.`);
  return { ...version, run: requireSplit(version.run) };
}
