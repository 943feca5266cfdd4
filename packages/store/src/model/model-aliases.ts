/** Where aliases point, found for many versions or models in one statement each. */
import { AppError } from '@microtome/domain/app-error';
import { CHAMPION } from '@microtome/domain/promotion/promotion-act';
import type { ModelVersion } from '../../generated/prisma/client.ts';
import type { Store } from '../store.ts';

/** The aliases that point to these versions, by name. */
export async function listAliasesOfVersions(
  { database: { prisma } }: Store,
  versionIds: readonly string[],
): Promise<{ versionId: string; name: string }[]> {
  const aliases = await prisma.alias.findMany({
    where: { promotion: { versionId: { in: [...versionIds] } } },
    select: { name: true, promotion: { select: { versionId: true } } },
    orderBy: { name: 'asc' },
  });
  return aliases.map(({ name, promotion }) => ({ name, versionId: promotion.versionId }));
}

/** The champion of each model that has one. */
export async function listChampions(
  { database: { prisma } }: Store,
  modelIds: readonly string[],
): Promise<ModelVersion[]> {
  const aliases = await prisma.alias.findMany({
    where: { modelId: { in: [...modelIds] }, name: CHAMPION },
    select: { promotion: { select: { version: true } } },
  });
  return aliases.map(({ promotion }) => promotion.version);
}

/** The run behind the champion of a model of these projects, of any where they are null. NOT_FOUND when there is none. */
export async function getChampionRunId(
  { database: { prisma } }: Store,
  modelName: string,
  projectIds: readonly string[] | null,
): Promise<string> {
  const ofProjects = projectIds === null ? {} : { projectId: { in: [...projectIds] } };
  const alias = await prisma.alias.findFirst({
    where: { model: { name: modelName, ...ofProjects }, name: CHAMPION },
    select: { promotion: { select: { version: { select: { runId: true } } } } },
  });
  if (!alias) throw new AppError('NOT_FOUND', `There is no champion of a model '${modelName}'.`);
  return alias.promotion.version.runId;
}
