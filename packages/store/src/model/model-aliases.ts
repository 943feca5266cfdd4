/** Where aliases point, found for many versions or models in one statement each. */
import { AppError } from '@microtome/domain/app-error';
import { parseModelName } from '@microtome/domain/promotion/model-reference';
import { CHAMPION } from '@microtome/domain/promotion/promotion-act';
import type { ModelVersion } from '../../generated/prisma/client.ts';
import { chooseNamed, whereNamed } from '../access/named-in-project.ts';
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

/**
 * The run behind the champion of a model, `[PROJECT/]NAME`, of these projects, of any where they are null.
 * @throws AppError NOT_FOUND when there is none, BAD_INPUT when several projects have it
 */
export async function getChampionRunId(
  { database: { prisma } }: Store,
  model: string,
  projectIds: readonly string[] | null,
): Promise<string> {
  const { name, project } = parseModelName(model);
  const models = await prisma.model.findMany({
    where: whereNamed(name, { projectIds, project }),
    select: {
      aliases: {
        where: { name: CHAMPION },
        select: { promotion: { select: { version: { select: { runId: true } } } } },
      },
    },
    take: 2,
  });
  const alias = chooseNamed('model', name, models)?.aliases[0];
  if (!alias) throw new AppError('NOT_FOUND', `There is no champion of a model '${model}'.`);
  return alias.promotion.version.runId;
}
