/**
 * Saved views: the run table as a project's people look at it, under a name. All who may read in the project see them, and one
 * may be the default. What a view holds is the page's own words, kept as they are.
 */
import { AppError } from '@microtome/domain/app-error';
import { checkText } from '@microtome/domain/text-rules';
import type { SavedView } from '../../generated/prisma/client.ts';
import type { Transaction } from '../database/database.ts';
import { rethrowTaken } from '../database/database-errors.ts';
import type { Store } from '../store.ts';

/** In one project: they are shown as one list. */
const SAVED_VIEWS_MAX = 200;

type NewView = { projectId: string; name: string; address: string; isDefault?: boolean | undefined };

/** @throws AppError NOT_FOUND; BAD_INPUT for texts that do not fit; CONFLICT for a name in use, or too many views */
export async function createSavedView(
  store: Store,
  { projectId, name: typedName, address: typedAddress, isDefault = false }: NewView,
): Promise<SavedView> {
  const name = checkText(typedName, 'viewName');
  const address = checkText(typedAddress, 'viewAddress');
  return store.database.prisma
    .$transaction(async (tx) => {
      const project = await lockViews(tx, projectId);
      if ((await tx.savedView.count({ where: { projectId } })) >= SAVED_VIEWS_MAX) {
        const most = `Project '${project.name}' has ${SAVED_VIEWS_MAX} saved views, the most that fit`;
        throw new AppError('CONFLICT', `${most}: delete one that is not used.`);
      }
      if (isDefault) await leaveDefault(tx, projectId);
      return tx.savedView.create({ data: { projectId, name, address, isDefault } });
    })
    .catch((error: unknown) => rethrowTaken(error, describeTaken(name)));
}

type ViewChange = {
  id: string;
  name?: string | undefined;
  address?: string | undefined;
  isDefault?: boolean | undefined;
};

/**
 * What is left out stays.
 * @throws AppError NOT_FOUND; BAD_INPUT for texts that do not fit; CONFLICT for a name in use
 */
export async function changeSavedView(store: Store, change: ViewChange): Promise<SavedView> {
  const name = change.name === undefined ? undefined : checkText(change.name, 'viewName');
  const address = change.address === undefined ? undefined : checkText(change.address, 'viewAddress');
  const { isDefault } = change;
  const { projectId } = await getSavedView(store, change.id);
  return store.database.prisma
    .$transaction(async (tx) => {
      await lockViews(tx, projectId);
      const stillThere = await tx.savedView.count({ where: { id: change.id } });
      if (stillThere === 0) throw describeMissing(change.id);
      if (isDefault) await leaveDefault(tx, projectId);
      return tx.savedView.update({
        where: { id: change.id },
        data: {
          ...(name === undefined ? {} : { name }),
          ...(address === undefined ? {} : { address }),
          ...(isDefault === undefined ? {} : { isDefault }),
          changedAt: new Date(),
        },
      });
    })
    .catch((error: unknown) => rethrowTaken(error, describeTaken(name ?? '')));
}

/** @throws AppError NOT_FOUND */
export async function deleteSavedView({ database: { prisma } }: Store, id: string): Promise<void> {
  const { count } = await prisma.savedView.deleteMany({ where: { id } });
  if (count === 0) throw describeMissing(id);
}

async function getSavedView({ database: { prisma } }: Store, id: string): Promise<SavedView> {
  const view = await prisma.savedView.findUnique({ where: { id } });
  if (!view) throw describeMissing(id);
  return view;
}

/** Changes of one project's views take turns from here to the end of the transaction. */
async function lockViews(tx: Transaction, projectId: string): Promise<{ name: string }> {
  const [project] = await tx.$queryRaw<{ name: string }[]>`
    select name from project where id = ${projectId}::uuid for no key update`;
  if (!project) throw new AppError('NOT_FOUND', `There is no project '${projectId}'.`);
  return project;
}

async function leaveDefault(tx: Transaction, projectId: string): Promise<void> {
  await tx.savedView.updateMany({ where: { projectId, isDefault: true }, data: { isDefault: false } });
}

const describeMissing = (id: string) => new AppError('NOT_FOUND', `There is no saved view '${id}'.`);

const describeTaken = (name: string) =>
  `There is a view '${name}' in this project already: choose another name, or overwrite that one.`;
